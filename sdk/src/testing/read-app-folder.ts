import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Folder } from '../admin/make-tar.ts'

/** What lies in the folder of an app and is no part of it: tests, and what they are made with. */
const NOT_SENT = /^\.|^node_modules$|\.(?:test|spec)\.[cm]?[jt]sx?$/

/** The files of an app, to be sent to a server. */
export async function readAppFolder(folder: string): Promise<Folder> {
  const files: Record<string, Uint8Array> = {}
  await visit('')
  return files

  async function visit(below: string): Promise<void> {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      if (NOT_SENT.test(entry.name)) continue
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await visit(path)
      else if (entry.isFile()) files[path] = await readFile(join(folder, path))
    }
  }
}
