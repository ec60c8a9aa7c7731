import { createHash } from 'node:crypto'
import { atOnce, type Parts } from '../parts.ts'
import type { AnySection, CheckContext, Issue, SomeSection } from '../section.ts'
import { schemaOf, slugFault } from '../slug.ts'
import { type DocumentIssue, fileIssue } from '../source/document-issue.ts'
import { limits } from '../source/limits.ts'
import { locate } from '../source/locate.ts'
import { mergeTrees } from '../source/merge-trees.ts'
import { type AppSource, MAIN_FILE } from '../source/read-app.ts'
import { type MapTree, toValue } from '../source/tree.ts'
import { leaveOutInvalid } from './leave-out-invalid.ts'
import { type DocumentValidator, documentValidator } from './validate-document.ts'

type Json = Readonly<Record<string, unknown>>

/** An app whose document is right. */
export interface CheckedApp {
  readonly slug: string
  /** The PostgreSQL schema and role, unquoted. */
  readonly schema: string
  readonly title: string
  readonly description: string
  /** All files as one, without `include`. */
  readonly document: Json
  /** What `seed.yaml` says; absent when there is none. */
  readonly seed: unknown
  readonly models: ReadonlyMap<SomeSection, unknown>
  /** By the name of the section (its first key). */
  readonly snapshots: Json
  /** Changes with the document, and with what the sections make of it in another version of the server. */
  readonly digest: string
  /** The version that it is, when it was one already and is brought back. */
  readonly restores?: number | undefined
  /** Finds the place of an issue that shows up later, in the database. */
  place(issue: Issue): DocumentIssue
}

export type Checked =
  | { readonly ok: true; readonly app: CheckedApp }
  | { readonly ok: false; readonly issues: readonly DocumentIssue[] }

/** The check of documents against these sections: pure, all issues at once, sorted by place. */
export function createChecker(sections: readonly SomeSection[]): (source: AppSource) => Checked {
  const check = createCheckerInParts(sections)
  return (source) => atOnce(check(source))
}

/** The same with breaks for requests. */
export function createCheckerInParts(sections: readonly SomeSection[]): (source: AppSource) => Parts<Checked> {
  const validate = documentValidator(sections)
  return function* (source) {
    // What is not read completely would lead to errors that are none.
    if (!source.complete) return failed(source, source.issues)
    const { tree, issues } = mergeTrees(source.files.flatMap((file) => file.tree ?? []))
    if (tree === undefined) return failed(source, [...source.issues, ...issues])

    const { seed } = source
    const place = (issue: Issue) => locate(issue.in === 'seed' && seed?.tree !== undefined ? seed.tree : tree, issue)
    yield
    const result = yield* checkTree(source, tree, sections, validate)
    const all = [...source.issues, ...issues, ...result.issues.map(place)]
    if (all.length > 0) return failed(source, all)
    return { ok: true, app: { ...(yield* checkedApp(sections, result, place)), restores: source.restores } }
  }
}

/** What the section's part of the snapshot is called. */
export function sectionName({ keys, name = Object.keys(keys)[0] }: Pick<SomeSection, 'keys' | 'name'>): string {
  if (name === undefined) throw new Error('A section without keys needs a name')
  return name
}

interface Result {
  readonly document: Json
  readonly seed: unknown
  readonly models: ReadonlyMap<SomeSection, unknown>
  readonly issues: readonly Issue[]
}

function* checkTree(
  { name, isSent = false, seed: seedFile }: AppSource,
  tree: MapTree,
  sections: readonly SomeSection[],
  validate: DocumentValidator,
): Parts<Result> {
  const whole = toValue(tree) as Json
  const { include: _read, ...document } = whole
  const slug = document['app']
  yield
  const seed = seedFile?.tree === undefined ? undefined : toValue(seedFile.tree)
  yield
  const faults = validate(whole)
  yield
  const shape = [
    ...slugIssues(slug, name, isSent),
    ...faults.issues.filter(({ pointer }) => pointer !== '/app' || typeof slug !== 'string'),
  ]
  if (shape.length === 0) {
    const { models, issues } = yield* checkSections(document, seed, sections, false)
    return { document, seed, models, issues }
  }
  const rest = leaveOutInvalid({ ...document, app: name }, validate)
  if (rest === undefined) return { document, seed, models: new Map(), issues: shape }
  const { models, issues } = yield* checkSections(rest.document, undefined, sections, true)
  return { document, seed, models, issues: [...shape, ...issues.filter((issue) => !rest.isEcho(issue))] }
}

function slugIssues(slug: unknown, folder: string, isSent: boolean): readonly Issue[] {
  if (typeof slug !== 'string') return []
  const fault = slugFault(slug)
  if (fault !== undefined) return [{ pointer: '/app', ...fault }]
  if (slug === folder) return []
  if (isSent) return [{ pointer: '/app', message: `it was sent as the app '${folder}', so it can not be '${slug}'` }]
  const message = `the folder is named '${folder}', so the app can not be '${slug}'`
  return [
    {
      pointer: '/app',
      message,
      suggestion: slugFault(folder) === undefined ? `rename the folder, or write '${folder}'` : 'rename the folder',
    },
  ]
}

function* checkSections(
  document: Json,
  seed: unknown,
  sections: readonly SomeSection[],
  isPart: boolean,
): Parts<Pick<Result, 'models' | 'issues'>> {
  const models = new Map<SomeSection, unknown>()
  const issues: Issue[] = []
  const app = String(document['app'])
  const context: CheckContext = {
    app,
    schema: schemaOf(app),
    document,
    isPart,
    // Records of what is wrong would be wrong for that reason only.
    get seed() {
      return issues.length === 0 ? seed : undefined
    },
    part<M>(section: AnySection<M>) {
      if (!models.has(section as SomeSection))
        throw new Error(`The section '${sectionName(section)}' must stand before the one that asks for it`)
      return models.get(section as SomeSection) as M
    },
    report: (issue) => issues.push(issue),
  }
  for (const section of sections) {
    models.set(section, section.checkInParts ? yield* section.checkInParts(context) : section.check(context))
    yield
  }
  return { models, issues }
}

function* checkedApp(
  sections: readonly SomeSection[],
  { document, seed, models }: Result,
  place: CheckedApp['place'],
): Parts<CheckedApp> {
  const slug = String(document['app'])
  const snapshots: Record<string, unknown> = {}
  for (const section of sections) {
    snapshots[sectionName(section)] = section.snapshot(models.get(section))
    yield
  }
  const digest = yield* digestOf(seed === undefined ? [document, snapshots] : [document, snapshots, seed])
  return {
    slug,
    schema: schemaOf(slug),
    title: String(document['title'] ?? slug),
    description: String(document['description'] ?? ''),
    document,
    seed,
    models,
    snapshots,
    digest,
    place,
  }
}

/** Of the list's JSON. */
function* digestOf(parts: readonly unknown[]): Parts<string> {
  const hash = createHash('sha256')
  for (const [position, part] of parts.entries()) {
    hash.update(`${position === 0 ? '[' : ','}${JSON.stringify(part)}`)
    yield
  }
  return hash.update(']').digest('hex')
}

function failed(source: AppSource, issues: readonly DocumentIssue[]): Checked {
  const order = [...source.files, ...(source.seed === undefined ? [] : [source.seed])].map(({ file }) => file.name)
  const sorted = [...issues].sort(
    (left, right) =>
      order.indexOf(left.file) - order.indexOf(right.file) || left.line - right.line || left.column - right.column,
  )
  const more = sorted.length - limits.issues
  const rest = more > 0 ? [fileIssue(order[0] ?? MAIN_FILE, `${more} more issues are not shown`)] : []
  return { ok: false, issues: [...sorted.slice(0, limits.issues), ...rest] }
}
