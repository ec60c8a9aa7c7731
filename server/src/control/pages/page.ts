import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Endpoint, endpoint } from '../endpoint.ts'

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
}

/**
 * What our own pages may do: load scripts and styles from files beside them and speak to this server. Nothing inline runs, so text
 * that gets into a page stays text; and a form whose script did not load can not put its fields into an address.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A file that is sent as it is, read once when the server starts. `file` is relative to this folder. */
export function filePage(path: string, file: string): Endpoint {
  return textPage(path, file.split('.').at(-1) ?? '', readFileSync(new URL(file, import.meta.url), 'utf8'))
}

/** A text that is sent as a page, a style or a script: once, as long as it is the same. */
export function textPage(path: string, kind: string, body: string): Endpoint {
  const headers = { ...pageHeaders(kind), etag: tagOf(body) }
  return endpoint('GET', path, { scope: 'public' }, () => ({ status: 200, body, headers }))
}

/** The tag that changes with the text. */
export function tagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

/** What is sent with every page, style and script of ours. */
export function pageHeaders(kind: string): Readonly<Record<string, string>> {
  return {
    'content-type': types[kind] ?? 'text/plain; charset=utf-8',
    'content-security-policy': policy,
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  }
}
