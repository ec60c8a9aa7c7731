import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { limits } from './limits.ts'

/** A folder an app is read from: on disk, or sent by somebody. Paths are relative, with `/`. */
export interface Folder {
  /** What a file of it is called when it is shown. */
  nameOf(path: string): string
  /** Every file, sorted; hidden ones and `node_modules` are left out. */
  paths(): Promise<readonly string[]>
  /** The bytes, or why there are none. */
  read(path: string): Promise<Uint8Array | Unreadable>
}

export interface Unreadable {
  readonly problem: 'missing' | 'outside' | 'no file' | 'too large' | 'not allowed'
}

/** A folder on disk. A symbolic link inside of it may not lead out of it; the folder itself may be one. */
export async function diskFolder(directory: string, shownAs: string): Promise<Folder> {
  const root = await realpath(directory)
  return { nameOf: (path) => `${shownAs}/${path}`, paths: () => walk(root), read }

  async function read(path: string): Promise<Uint8Array | Unreadable> {
    try {
      const real = await realpath(join(root, path))
      if (!real.startsWith(root + sep)) return { problem: 'outside' }
      const found = await stat(real)
      // A named pipe would never answer.
      if (!found.isFile()) return { problem: 'no file' }
      if (found.size > limits.file) return { problem: 'too large' }
      return await readFile(real)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return { problem: 'missing' }
      if (code === 'EACCES' || code === 'EPERM') return { problem: 'not allowed' }
      throw error
    }
  }
}

/** A folder that exists in memory only. */
export function memoryFolder(files: Readonly<Record<string, string | Uint8Array>>, shownAs = ''): Folder {
  const encoder = new TextEncoder()
  return {
    nameOf: (path) => (shownAs === '' ? path : `${shownAs}/${path}`),
    paths: async () => Object.keys(files).sort(),
    read: async (path) => {
      const content = Object.hasOwn(files, path) ? files[path] : undefined
      if (content === undefined) return { problem: 'missing' }
      const bytes = typeof content === 'string' ? encoder.encode(content) : content
      return bytes.length > limits.file ? { problem: 'too large' } : bytes
    },
  }
}

/** The folder and those below it, for a watcher. */
export async function directoriesOf(directory: string): Promise<readonly string[]> {
  const found: string[] = []
  await visit(directory, '', { directory: (path) => found.push(path) })
  return found
}

async function walk(root: string): Promise<readonly string[]> {
  const found: string[] = []
  await visit(root, '', { file: (path) => found.push(path) })
  return found.sort()
}

interface Visitor {
  readonly directory?: (path: string) => void
  readonly file?: (path: string) => void
}

/** Breadth is bounded by {@link limits}: a folder that holds a whole disk costs no more. Links to folders are not followed. */
async function visit(root: string, below: string, visitor: Visitor, budget = { left: limits.entries }): Promise<void> {
  visitor.directory?.(join(root, below))
  const entries = await readdir(join(root, below), { withFileTypes: true })
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || budget.left-- <= 0) continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) await visit(root, path, visitor, budget)
    else if (entry.isFile() || (entry.isSymbolicLink() && !(await isDirectory(join(root, path))))) visitor.file?.(path)
  }
}

/** Of a symbolic link: whether it leads to a folder. */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // A link to nothing is told when it is read.
    return false
  }
}
