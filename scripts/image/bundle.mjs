import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { root } from '../packages.mjs'

const programs = ['server', 'cli']

/**
 * One file for each program and what they share in chunks, all two folders below the root. Packages stay outside, so that
 * scanners and licences find them.
 */
export async function bundle(target) {
  const entries = programs.filter((program) => existsSync(join(root, program, 'src/main.ts')))
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map((program) => [`${program}/dist/main`, `${program}/src/main.ts`])),
    outdir: target,
    chunkNames: 'server/dist/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    // Where `roadbase` is the SDK's source.
    tsconfig: join(root, 'tsconfig.json'),
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Names in stack traces are what whoever reports a defect can send.
    minify: false,
    plugins: [keepPlaces],
    logLevel: 'warning',
  })
}

/** Code that looks for files beside itself finds them where they lie in the sources, whichever file it is bundled into. */
const keepPlaces = {
  name: 'keep-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/(?:server|cli)\/src\/.*\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8')
      const place = JSON.stringify(`../../${relative(root, path).replaceAll('\\', '/')}`)
      return {
        contents: source.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        loader: 'ts',
      }
    })
  },
}
