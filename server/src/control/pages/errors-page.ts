import { catalogue } from '../../errors/catalogue.ts'
import { escapeHtml } from './escape-html.ts'

/** Where the `type` of every problem leads: the error catalogue as a page. */
export function errorsPage(): string {
  const rows = Object.entries(catalogue)
    .map(
      ([code, { status, title }]) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors · Roadbase</title>
<link rel="icon" href="/admin/assets/icon.svg">
<link rel="stylesheet" href="/admin/assets/style.css">
</head>
<body class="wide">
<main>
<h1>Errors</h1>
<p>Every error this server answers with, as <code>application/problem+json</code>. Programs should look at <code>code</code>.</p>
<table>
<thead><tr><th scope="col">code</th><th scope="col">status</th><th scope="col">meaning</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</main>
</body>
</html>
`
}
