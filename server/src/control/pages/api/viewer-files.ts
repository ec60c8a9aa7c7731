import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Endpoint } from '../../endpoint.ts'
import { filePage, textPage } from '../page.ts'

/** What the page of an app's API loads: the viewer as its package has it, and what starts it. */
export function viewerFiles(): readonly Endpoint[] {
  const require = createRequire(import.meta.url)
  const read = (path: string) => readFileSync(path, 'utf8')
  return [
    textPage('/docs/assets/swagger-ui.js', 'js', read(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'))),
    textPage('/docs/assets/swagger-ui.css', 'css', read(require.resolve('swagger-ui-dist/swagger-ui.css'))),
    filePage('/docs/assets/api.js', 'api/api.js'),
  ]
}
