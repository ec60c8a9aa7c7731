import { ask, type Parts } from '../../../apps/parts.ts'
import { below } from '../../../errors/pointer.ts'
import type { CollectionDraft, FieldDraft } from '../draft.ts'
import { typeOf } from '../environment.ts'
import type { Report } from '../report.ts'
import { describeViews, type ProbeView, type SettledView } from './describe-views.ts'
import type { ViewColumn } from './inspect-view.ts'
import type { ProbeTable } from './probe-tables.ts'
import { settledQuery, withFields } from './settle-view.ts'
import { type ExpressionContext, storedFieldsOf } from './stored-fields.ts'

export type Drafts = ReadonlyMap<string, CollectionDraft>

/** What is to be told, and to whom it was told before it was clear that it would be. */
export type Issue = Parameters<Report>

export interface DescribedDrafts {
  /** The views that PostgreSQL takes, with their fields. */
  readonly known: Drafts
  readonly issues: readonly Issue[]
}

/** The views among the drafts, as PostgreSQL describes them; undefined where there is no database to ask. */
export function* describeDrafts(drafts: Drafts, context: ExpressionContext): Parts<DescribedDrafts | undefined> {
  const all = [...drafts.values()]
  const views = all.filter(({ view }) => view !== undefined)
  const stored = all.filter(({ view }) => view === undefined)
  const storedFields = yield* storedFieldsOf(drafts, context)
  const tables = new Map(stored.map((draft) => [draft.tableName, draft]))
  const known = new Map<string, CollectionDraft>()
  const probes = views.map((draft): ProbeView => {
    const sql = draft.view?.query ?? ''
    return { table: draft.tableName, sql, settle: (columns, query) => settle(draft, columns, query) }
  })
  // An attempt that collides with another one is made again, and tells its own.
  const told = new Map<string, Issue[]>()
  const answer = yield* ask((db) =>
    describeViews(
      db,
      stored.map((draft) => probeTable(draft, storedFields(draft), drafts)),
      probes,
    ),
  )
  if (answer === undefined) return undefined
  const issues: Issue[] = []
  for (const draft of views) {
    issues.push(...(told.get(draft.name) ?? []))
    const found = answer.get(draft.tableName)
    const settled = known.get(draft.name)
    known.delete(draft.name)
    if (found === undefined) continue
    if ('message' in found) {
      const { message, offset, suggestion } = found
      const place = offset === undefined ? {} : { offset }
      const more = { ...place, ...(suggestion === undefined ? {} : { suggestion }) }
      issues.push([below(draft.pointer, 'view'), message, more])
      continue
    }
    if (settled !== undefined) known.set(draft.name, { ...settled, view: { ...settled.view, ...found, isKnown: true } })
  }
  return { known, issues }

  function settle(draft: CollectionDraft, columns: readonly ViewColumn[], query: string): SettledView | undefined {
    const own: Issue[] = []
    told.set(draft.name, own)
    const settled = withFields(draft, columns, { tables, drafts, report: (...issue) => void own.push(issue) })
    if (own.length > 0) return undefined
    known.set(draft.name, settled)
    tables.set(draft.tableName, settled)
    const fields = [...settled.fields.values()]
    return {
      query: settledQuery(settled, columns, query, drafts),
      columns: fields.map(({ column }) => column),
      hidden: hiddenColumns(fields),
    }
  }
}

function probeTable(draft: CollectionDraft, fields: readonly FieldDraft[], drafts: Drafts): ProbeTable {
  const columns = fields.map((field) => [field.column, typeOf(field, drafts).pg] as const)
  return { table: draft.tableName, columns, hidden: hiddenColumns(fields), isView: draft.raw.expires !== undefined }
}

function hiddenColumns(fields: readonly FieldDraft[]): string[] {
  return fields.filter(({ hidden }) => hidden).map(({ column }) => column)
}
