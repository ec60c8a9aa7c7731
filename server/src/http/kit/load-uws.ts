import { StartError } from '../../errors/start-error.ts'
import { MAX_HEAD_BYTES } from '../request/head-reader.ts'

export type Uws = typeof import('uWebSockets.js')

/** What {@link loadUws} needs to know of the process. */
export interface Runtime {
  readonly env: Record<string, string | undefined>
  readonly version: string
  readonly platform: string
  readonly arch: string
}

/**
 * The only place that loads the native module: not at import, so that a machine it does not run on gets one clear message.
 * Its limit on headers is read from the environment when the library is loaded, 4 KiB otherwise: too little for a token and a filter.
 */
export async function loadUws(runtime: Runtime = process, load: () => Promise<unknown> = importUws): Promise<Uws> {
  runtime.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(MAX_HEAD_BYTES)
  let uws: Uws
  try {
    uws = (await load()) as Uws
  } catch (error) {
    throw new StartError('platform', explain(runtime, error), { cause: error })
  }
  // Undocumented and stable since version 18: leaves out the header that names the library.
  ;(uws as Uws & { _cfg(key: string): void })._cfg('silent')
  return uws
}

async function importUws(): Promise<unknown> {
  const module = await import('uWebSockets.js')
  return 'default' in module ? module.default : module
}

function explain(runtime: Runtime, error: unknown): string {
  const reason = error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error)
  return [
    `The HTTP server (uWebSockets.js) can not be loaded on Node.js ${runtime.version}, ${runtime.platform} ${runtime.arch}: ${reason}`,
    'It runs on:',
    '  Linux, x64 or arm64, glibc 2.27 or newer: Node.js 20',
    '  Linux, x64 or arm64, glibc 2.38 or newer: Node.js 20, 22, 24',
    '  macOS, x64 or arm64: Node.js 20, 22, 24',
    'It does not run on Alpine and other systems with musl; of container images use node:24-trixie-slim.',
  ].join('\n')
}
