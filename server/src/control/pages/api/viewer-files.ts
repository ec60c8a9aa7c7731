import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Endpoint } from '../../endpoint.ts'
import { filePage, textPage } from '../page.ts'

/** What the page of an app's API loads: the viewer as its package has it, and what starts it. */
export function viewerFiles(): readonly Endpoint[] {
  const require = createRequire(import.meta.url)
  const viewer = (file: string) => readFileSync(require.resolve(`swagger-ui-dist/${file}`), 'utf8')
  return [
    textPage('/docs/assets/swagger-ui.js', 'js', viewer('swagger-ui-bundle.js')),
    textPage('/docs/assets/swagger-ui.css', 'css', viewer('swagger-ui.css')),
    filePage('/docs/assets/api.js', 'api/api.js'),
  ]
}
