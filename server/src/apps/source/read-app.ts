import { createHash } from 'node:crypto'
import { HURRIED, inParts, type Pace } from '../parts.ts'
import { suggest } from '../suggest.ts'
import { type DocumentIssue, fileIssue, issueAt } from './document-issue.ts'
import type { Folder, Unreadable } from './folder.ts'
import { isGlob, matchesGlob } from './glob.ts'
import { limits } from './limits.ts'
import { type ParsedFile, parseYamlInParts } from './parse-yaml.ts'
import type { Entry, Span, Tree } from './tree.ts'

/** The file an app begins with; it may `include` others of its folder. */
export const MAIN_FILE = 'app.yaml'

/** Records to begin with, made on demand. It may lie beside the main file, and is no part of the document. */
export const SEED_FILE = 'seed.yaml'

/** The files an app is loaded from, read and parsed. */
export interface AppSource {
  /** The folder's name, which must be the app's slug. */
  readonly name: string
  /** It was sent by somebody, and the name is that of the address. */
  readonly isSent?: boolean
  /** `app.yaml` first, then what it includes, in that order. */
  readonly files: readonly ParsedFile[]
  /** `seed.yaml`, where there is one with something in it. */
  readonly seed: ParsedFile | undefined
  /** What could not be read or parsed. */
  readonly issues: readonly DocumentIssue[]
  /** Every file was found and is YAML, so that it makes sense to look for more. */
  readonly complete: boolean
  /** Changes when any of the texts does. */
  readonly fingerprint: string
  /** The version that it is, when it was one already and is brought back. */
  readonly restores?: number
}

/** Reads `app.yaml` and the files it includes. Whatever is wrong becomes an issue; only defects of the machine are thrown. */
export async function readApp(name: string, folder: Folder, pace: Pace = HURRIED): Promise<AppSource> {
  const issues: DocumentIssue[] = []
  const files: ParsedFile[] = []
  const hash = createHash('sha256')
  let total = 0

  const main = await add(MAIN_FILE)
  if (main?.tree !== undefined) {
    for (const path of await includedPaths(main.tree, folder, issues)) await add(path.path, path.span)
  }
  const documents = [...files]
  const seed = (await isThere(folder, SEED_FILE)) ? await add(SEED_FILE) : undefined
  for (const issue of issues) hash.update(`\0${issue.file}\0${issue.message}`)
  return {
    name,
    files: documents,
    seed: seed?.tree === undefined && seed?.issues.length === 0 ? undefined : seed,
    issues: [...issues, ...files.flatMap((file) => file.issues)],
    complete: issues.length === 0 && files.every((file) => file.tree !== undefined || file === seed),
    fingerprint: hash.digest('hex'),
  }

  async function add(path: string, includedBy?: Span): Promise<ParsedFile | undefined> {
    const shown = folder.nameOf(path)
    const bytes = await folder.read(path)
    const problem = bytes instanceof Uint8Array ? tooMuch(bytes) : unreadable(path, bytes)
    if (problem !== undefined || !(bytes instanceof Uint8Array)) {
      const message = problem ?? 'can not be read'
      issues.push(includedBy === undefined ? fileIssue(shown, message) : issueAt(includedBy, message))
      return undefined
    }
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes)
    const text = decode(bytes)
    if (text === undefined) {
      issues.push(fileIssue(shown, 'the file is not valid UTF-8'))
      return undefined
    }
    const file = await inParts(parseYamlInParts({ name: shown, text }), pace)
    const isEmpty = file.tree === undefined && file.issues.length === 0
    if (isEmpty && path !== SEED_FILE) issues.push(fileIssue(shown, 'the file is empty'))
    files.push(file)
    return file
  }

  function tooMuch(bytes: Uint8Array): string | undefined {
    total += bytes.length
    if (total > limits.total) return `the files of the app have more than ${limits.total} bytes`
    return files.length >= limits.files ? `the app has more than ${limits.files} files` : undefined
  }
}

interface Included {
  readonly path: string
  readonly span: Span
}

async function includedPaths(main: Tree, folder: Folder, issues: DocumentIssue[]): Promise<readonly Included[]> {
  const found = new Map<string, Included>()
  for (const { pattern, span } of includePatterns(main)) {
    const fault = patternFault(pattern)
    if (fault !== undefined) {
      issues.push(issueAt(span, fault))
    } else if (isGlob(pattern)) {
      const paths = (await folder.paths()).filter(
        (path) => path !== MAIN_FILE && path !== SEED_FILE && matchesGlob(path, pattern),
      )
      if (paths.length === 0) issues.push(issueAt(span, `no file of the app's folder fits '${pattern}'`))
      for (const path of paths.slice(0, limits.files)) if (!found.has(path)) found.set(path, { path, span })
    } else if (await isThere(folder, pattern)) {
      if (!found.has(pattern)) found.set(pattern, { path: pattern, span })
    } else {
      // A link to nothing has this very name.
      const others = (await folder.paths()).filter((path) => path !== pattern)
      issues.push(issueAt(span, `there is no file '${pattern}'`, suggest(pattern, others)))
    }
  }
  return [...found.values()]
}

/** Anything but a list of texts is reported later, by the document's JSON Schema. */
function includePatterns(main: Tree): readonly { pattern: string; span: Span }[] {
  if (main.kind !== 'map') return []
  const include: Entry | undefined = main.entries.get('include')
  if (include?.value.kind !== 'list') return []
  return include.value.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== ''
      ? [{ pattern: item.value, span: item.span }]
      : [],
  )
}

function patternFault(pattern: string): string | undefined {
  if (pattern.startsWith('/') || pattern.includes('\\') || /^[a-z]:/i.test(pattern)) {
    return "an included file is named relative to the app's folder, with '/'"
  }
  const parts = pattern.split('/')
  if (parts.includes('..')) return "an included file must lie in the app's folder"
  if (parts.some((part) => part === '' || part === '.')) return "the path has an empty part or '.'"
  if (pattern === SEED_FILE) return `'${SEED_FILE}' is read by itself, and is no part of the document`
  return pattern === MAIN_FILE ? `'${MAIN_FILE}' is read anyway` : undefined
}

async function isThere(folder: Folder, path: string): Promise<boolean> {
  const found = await folder.read(path)
  return found instanceof Uint8Array || found.problem !== 'missing'
}

function unreadable(path: string, { problem }: Unreadable): string {
  if (problem === 'missing') return `there is no file '${path}'`
  if (problem === 'outside') return `'${path}' leads out of the app's folder`
  if (problem === 'too large') return `'${path}' has more than ${limits.file} bytes`
  return problem === 'not allowed' ? `'${path}' may not be read by the server` : `'${path}' is no regular file`
}

/** A byte order mark is dropped. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
