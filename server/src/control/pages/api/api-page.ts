import { escapeHtml } from '../escape-html.ts'

/**
 * The page of an app's API. The viewer sets styles on elements by script, which the policy of pages allows, and its style sheet
 * holds its icons, which needs `data:`.
 */
export function apiPage(title: string): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const name = escapeHtml(title)
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name} · API</title>
<link rel="icon" href="/admin/assets/icon.svg">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/swagger-ui.js" defer></script>
<script src="/docs/assets/api.js" type="module"></script>
</head>
<body>
<main id="api"><noscript>This page needs JavaScript. What it shows is in <a href="openapi.json">openapi.json</a>.</noscript></main>
</body>
</html>
`
  return { body, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } }
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = {
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}
