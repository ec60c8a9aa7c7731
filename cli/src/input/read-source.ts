import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { AppSource } from 'roadbase/admin'
import { CliError } from '../cli-error.ts'

/** An app as it is on disk. */
export interface LocalApp {
  /** As its document says, or else the name of its folder. */
  readonly slug: string
  readonly source: AppSource
  /** As it was given, for messages and commands. */
  readonly shown: string
  /** In which the files of `source` lie, relative to the working directory. */
  readonly folder: string
}

/** The server takes no more than 4 MiB. */
const MOST_BYTES = 16 * 1024 * 1024
const MOST_ENTRIES = 5_000

/** Reads a folder with an `app.yaml`, or a single document. */
export async function readSource(given: string, cwd: string): Promise<LocalApp> {
  const path = resolve(cwd, given)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    throw new CliError('not_found', `There is no '${given}'.`, {
      fixes: ['Name the folder of an app, or its app.yaml.'],
    })
  }
  if (found.isFile()) {
    const source = await readFile(path, 'utf8')
    const folder = shorten(dirname(path), cwd)
    return { slug: slugOf(source) ?? basename(dirname(path)), source, shown: given, folder }
  }
  const main = await readFile(join(path, 'app.yaml'), 'utf8').catch(() => undefined)
  if (main === undefined) {
    throw new CliError('not_found', `There is no app.yaml in '${given}'.`, {
      fixes: [`roadbase apps init ${basename(path)} begins an app.`],
    })
  }
  const source = await readFolder(path, main)
  return { slug: slugOf(main) ?? basename(path), source, shown: given, folder: shorten(path, cwd) }
}

/** The documents in a folder. Other files of the project, such as tests and pictures, stay here. */
async function readFolder(root: string, main: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {}
  let bytes = 0
  const within = await realpath(root)
  for (const path of await pathsIn(root)) {
    if (!/\.(?:ya?ml|json)$/i.test(path) && !main.includes(path)) continue
    const real = await realpath(join(root, path))
    // The server would refuse it as well: what a link leads to is not of the app.
    if (!real.startsWith(within + sep)) continue
    const content = await readFile(real)
    bytes += content.length
    if (bytes > MOST_BYTES) throw new CliError('refused', 'The documents in the folder have more than 16 MiB.')
    files[path] = content
  }
  return files
}

/** Hidden files and packages are no part of an app. */
async function pathsIn(root: string, below = ''): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await pathsIn(root, path)))
    else found.push(path)
    if (found.length > MOST_ENTRIES) throw new CliError('refused', `'${root}' has more than ${MOST_ENTRIES} files.`)
  }
  return found
}

/** Good enough to find the address to send it to; the server reads the document itself. */
export function slugOf(document: string): string | undefined {
  return /^app:[ \t]*["']?([\w-]+)/m.exec(document)?.[1]
}

function shorten(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}
