import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Vitest from 'vitest'

/**
 * The vitest that runs these tests. Two copies of it know nothing of one another's tests, so it is looked for from the project that is tested,
 * and only then from this package: one that is linked, as in a clone, has a vitest of its own.
 *
 * Found at import, because `expect` and `test` are what tests import.
 */
export const vitest = await findVitest()

async function findVitest(): Promise<typeof Vitest> {
  const ours = resolveFrom(join(process.cwd(), 'package.json'))
  try {
    return (await (ours === undefined ? import('vitest') : import(/* @vite-ignore */ ours))) as typeof Vitest
  } catch (cause) {
    throw new Error(
      'roadbase/testing runs in vitest, which this project does not have. Install it: npm i -D vitest@4. ' +
        'Then run the tests with: npx vitest run',
      { cause },
    )
  }
}

/** The address of its module. Asked for its package.json, since vitest itself refuses to be required. */
function resolveFrom(file: string): string | undefined {
  try {
    const manifest = createRequire(file).resolve('vitest/package.json')
    return pathToFileURL(join(dirname(manifest), 'dist/index.js')).href
  } catch {
    return undefined
  }
}
