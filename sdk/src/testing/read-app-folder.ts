import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Folder } from '../admin/make-tar.ts'

/**
 * The documents in the folder of an app, to be sent to a server: as `roadbase apps load` chooses them. Tests and other files of the project
 * are no part of the app, unless the document names them; nor is what links lead to outside of the folder.
 */
export async function readAppFolder(folder: string): Promise<Folder> {
  const root = await realpath(folder)
  const main = await readFile(join(root, 'app.yaml'), 'utf8')
  const files: Record<string, Uint8Array> = {}
  for (const path of await pathsIn(root)) {
    if (!/\.(?:ya?ml|json)$/i.test(path) && !main.includes(path)) continue
    const real = await realpath(join(root, path))
    if (real.startsWith(root + sep) && (await stat(real)).isFile()) files[path] = await readFile(real)
  }
  return files
}

async function pathsIn(root: string, below = ''): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await pathsIn(root, path)))
    else found.push(path)
  }
  return found
}
