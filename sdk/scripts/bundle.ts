import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

/** What can be imported: the entries of package.json's `exports`, with their sources. */
const entries = { '.': 'index.ts', './admin': 'admin/index.ts' } as const
/** The test kit runs in Node.js only, inside of the vitest of whoever uses it. */
const nodeEntries = { './testing': 'testing/index.ts' } as const

/** `platform: neutral` refuses whatever not all of browsers, Node, Deno and Bun have. */
const options = { bundle: true, format: 'esm', platform: 'neutral', target: 'es2022' } satisfies BuildOptions

/** An entry of the SDK as one ES module, as an application gets it that uses nothing but that. */
export async function bundle(
  { minify }: { readonly minify: boolean },
  entry: keyof typeof entries = '.',
): Promise<string> {
  const result = await build({ ...options, entryPoints: [source(entries[entry])], minify, write: false })
  return result.outputFiles[0]?.text ?? ''
}

/**
 * What is published: unminified, since applications minify it with the rest of theirs, and can read it until then. What entries
 * share is in a module of its own, so that there is one `RoadbaseError` for `instanceof`.
 */
export async function writeModules(folder: string): Promise<void> {
  await build({
    ...options,
    entryPoints: Object.values({ ...entries, ...nodeEntries }).map(source),
    outdir: folder,
    outbase: source(''),
    splitting: true,
    chunkNames: 'shared-[hash]',
    external: ['node:*', 'vitest'],
  })
}

function source(path: string): string {
  return fileURLToPath(new URL(`../src/${path}`, import.meta.url))
}
