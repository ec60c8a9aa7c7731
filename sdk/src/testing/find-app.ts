import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where an app is: its slug, or its folder, relative to the file of the test. */
export type AppPlace = string | { readonly folder: string | URL }

export interface FoundApp {
  readonly slug: string
  readonly folder: string
}

const DOCUMENT = 'app.yaml'

/**
 * The folder of the app. By its slug: the folder of the test or one above it, if the app there has that name; else a folder of that name in
 * the places where apps are kept, from the test's folder upwards.
 */
export function findApp(place: AppPlace, testFile: string): FoundApp {
  if (typeof place !== 'string') return inFolder(place.folder, testFile)
  const looked: string[] = []
  for (let folder = dirname(testFile); ; folder = dirname(folder)) {
    const candidates = [folder, ...['.', 'apps', 'config/apps'].map((apps) => join(folder, apps, place))]
    for (const candidate of new Set(candidates)) {
      if (existsSync(join(candidate, DOCUMENT)) && slugOf(candidate) === place) {
        return { slug: place, folder: realpathSync(candidate) }
      }
      looked.push(candidate)
    }
    if (folder === dirname(folder)) break
  }
  throw new Error(
    `There is no app '${place}' near ${testFile}: looked for its ${DOCUMENT} in ${looked.slice(0, 4).join(', ')} and above. ` +
      "Say where it is: scenario({ folder: '../path/of/the/app' }, …)",
  )
}

function inFolder(told: string | URL, testFile: string): FoundApp {
  const path = told instanceof URL || told.startsWith('file:') ? fileURLToPath(told) : told
  const folder = isAbsolute(path) ? path : resolve(dirname(testFile), path)
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`There is no folder ${folder}; { folder } is relative to the file of the test, ${testFile}`)
  }
  if (!existsSync(join(folder, DOCUMENT))) throw new Error(`There is no app in ${folder}: it has no ${DOCUMENT}`)
  const real = realpathSync(folder)
  return { slug: slugOf(real), folder: real }
}

/** Which name it has, is for the server to check; here it only has to be found. A document without one is refused there. */
function slugOf(folder: string): string {
  const text = readFileSync(join(folder, DOCUMENT), 'utf8')
  return /^(?:app|"app"|'app')\s*:\s*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? basename(folder)
}
