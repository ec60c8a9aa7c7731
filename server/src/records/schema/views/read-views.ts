import { ask, type Parts } from '../../../apps/parts.ts'
import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import type { CollectionDraft, FieldDraft } from '../draft.ts'
import { typeOf } from '../environment.ts'
import { camelCase, snakeCase } from '../naming.ts'
import { meant, type Report } from '../report.ts'
import { describeViews, type ProbeTable, type ProbeView } from './describe-views.ts'
import { columnSql } from './field-schema.ts'
import type { ViewColumn } from './inspect-view.ts'
import { type ExpressionContext, storedFieldsOf } from './stored-fields.ts'
import { viewField } from './view-field.ts'

/**
 * The collections of a document with the fields of its views, which PostgreSQL tells. Without a database, and where the document has
 * other mistakes (of which those of a view may follow), views stay as they are: their fields are not known.
 */
export function* readViews(
  drafts: ReadonlyMap<string, CollectionDraft>,
  isRight: () => boolean,
  context: ExpressionContext,
  report: Report,
): Parts<ReadonlyMap<string, CollectionDraft>> {
  const views = [...drafts.values()].filter(({ view }) => view !== undefined)
  if (views.length === 0 || !isRight()) return drafts
  const stored = [...drafts.values()].filter(({ view }) => view === undefined)
  const storedFields = yield* storedFieldsOf(drafts, context)
  const tables = new Map(stored.map((draft) => [draft.tableName, draft]))
  const settled = new Map<string, CollectionDraft>()
  const probes = views.map((draft): ProbeView => {
    const sql = draft.view?.query ?? ''
    return { table: draft.tableName, sql, settle: (columns, query) => settle(draft, columns, query) }
  })
  // An attempt that collides with another one is made again, and tells its own.
  const told = new Map<string, Parameters<Report>[]>()
  const answer = yield* ask((db) =>
    describeViews(
      db,
      stored.map((draft) => probeTable(draft, storedFields(draft), drafts)),
      probes,
    ),
  )
  if (answer === undefined) return drafts
  for (const draft of views) {
    for (const issue of told.get(draft.name) ?? []) report(...issue)
    const found = answer.get(draft.tableName)
    if (found === undefined) continue
    if ('message' in found) {
      const { message, offset, suggestion } = found
      const place = offset === undefined ? {} : { offset }
      report(below(draft.pointer, 'view'), message, { ...place, ...(suggestion === undefined ? {} : { suggestion }) })
      continue
    }
    const known = settled.get(draft.name)
    if (known !== undefined) settled.set(draft.name, { ...known, view: { ...draft.view, ...found, isKnown: true } })
  }
  refuseKeptDue([...settled.values()], tables, report)
  return new Map([...drafts].map(([name, draft]) => [name, settled.get(name) ?? draft]))

  function settle(draft: CollectionDraft, columns: readonly ViewColumn[], query: string): string | undefined {
    const issues: Parameters<Report>[] = []
    told.set(draft.name, issues)
    const known = withFields(draft, columns, { tables, drafts, report: (...issue) => void issues.push(issue) })
    if (issues.length > 0) return undefined
    settled.set(draft.name, known)
    tables.set(draft.tableName, known)
    return settledQuery(known, columns, query, drafts)
  }
}

/** Rows that are kept would show a record whose time has come, until they are made anew. */
function refuseKeptDue(
  views: readonly CollectionDraft[],
  tables: ReadonlyMap<string, CollectionDraft>,
  report: Report,
): void {
  const readsOf = new Map(views.map(({ tableName, view }) => [tableName, view?.reads ?? []]))
  const expiring = (table: string): string | undefined => {
    const draft = tables.get(table)
    if (draft?.raw.expires !== undefined) return draft.name
    // Views that read one another in a circle have been told of, and have not settled.
    return readsOf
      .get(table)
      ?.map(expiring)
      .find((name) => name !== undefined)
  }
  for (const { pointer, tableName, view } of views) {
    const name = view?.materialized === undefined ? undefined : expiring(tableName)
    if (name === undefined) continue
    const message = `the records of '${name}' expire, and rows that are kept would go on showing those whose time has come`
    report(below(pointer, 'materialized'), message, {
      at: 'key',
      suggestion: 'leave it out: a view that is not materialized is always of now',
    })
  }
}

function probeTable(
  draft: CollectionDraft,
  fields: readonly FieldDraft[],
  drafts: ReadonlyMap<string, CollectionDraft>,
): ProbeTable {
  const columns = fields.map((field) => [field.column, typeOf(field, drafts).pg] as const)
  return { table: draft.tableName, columns, isView: draft.raw.expires !== undefined }
}

function withFields(
  draft: CollectionDraft,
  columns: readonly ViewColumn[],
  place: Omit<Parameters<typeof viewField>[1], 'draft'>,
): CollectionDraft {
  const { report } = place
  const { schema } = draft.raw
  const fields = new Map<string, FieldDraft>()
  for (const column of columns) {
    const field = viewField(column, { ...place, draft })
    if (field !== undefined) fields.set(field.name, field)
  }
  if (!columns.some(({ name }) => name === 'id')) {
    report(below(draft.pointer, 'view'), "has no column 'id', by which a record is known", {
      suggestion: 'show the id of what a row is about, as `s.id`; or make one of texts, as `a || b as id`',
    })
  }
  const names = columns.map(({ name }) => camelCase(name))
  for (const name of Object.keys(schema?.properties ?? {})) {
    if (names.includes(name)) continue
    const at = below(draft.pointer, 'schema', 'properties', name)
    report(at, `the view has no column '${snakeCase(name)}'`, { at: 'key', ...meant(name, names) })
  }
  schema?.required?.forEach((name, index) => {
    if (names.includes(name)) return
    const at = below(draft.pointer, 'schema', 'required', index)
    report(at, `the view has no column '${snakeCase(name)}'`, meant(name, names))
  })
  // The id comes first, as in every record.
  return { ...draft, fields: new Map([...fields].sort(([a], [b]) => Number(b === 'id') - Number(a === 'id'))) }
}

/** A row without an id, or without what every record is said to have, is none. */
function settledQuery(
  { fields }: CollectionDraft,
  columns: readonly ViewColumn[],
  query: string,
  drafts: ReadonlyMap<string, CollectionDraft>,
): string {
  const all = [...fields.values()]
  const shown = all.flatMap((field) => {
    const column = columns.find(({ name }) => name === field.column)
    const name = quoteName(field.column)
    return column === undefined ? [] : [`${columnSql(column, `q.${name}`, typeOf(field, drafts).pg)} as ${name}`]
  })
  const present = all.filter(({ required }) => required).map(({ column }) => `q.${quoteName(column)} is not null`)
  return `select ${shown.join(', ')}\nfrom (\n${query}\n) q\nwhere ${present.join(' and ')}`
}
