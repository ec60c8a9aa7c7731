import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * The SDK as one ES module. `platform: neutral` refuses whatever not all of browsers, Node, Deno and Bun have.
 * Published unminified: applications minify it with the rest of theirs, and can read it until then.
 */
export async function bundle(options: { readonly minify: boolean }): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    write: false,
    ...options,
  })
  return result.outputFiles[0]?.text ?? ''
}
