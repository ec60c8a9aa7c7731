import { quoteName } from '../../../db/quote.ts'
import { below } from '../../../errors/pointer.ts'
import type { CollectionDraft, FieldDraft } from '../draft.ts'
import { typeOf } from '../environment.ts'
import { camelCase, snakeCase } from '../naming.ts'
import { meant } from '../report.ts'
import { columnSql } from './field-schema.ts'
import type { ViewColumn } from './inspect-view.ts'
import { type Place, viewField } from './view-field.ts'

/** The view with its fields; what stands against one is reported. */
export function withFields(
  draft: CollectionDraft,
  columns: readonly ViewColumn[],
  place: Omit<Place, 'draft'>,
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
  const idsOf = sourceOfIds(columns, place)
  return {
    ...draft,
    ...(draft.view === undefined || idsOf === undefined ? {} : { view: { ...draft.view, idsOf } }),
    // The id comes first, as in every record.
    fields: new Map([...fields].sort(([a], [b]) => Number(b === 'id') - Number(a === 'id'))),
  }
}

function sourceOfIds(columns: readonly ViewColumn[], { tables }: Pick<Place, 'tables'>): string | undefined {
  const of = columns.find(({ name }) => name === 'id')?.of
  const source = of?.column === 'id' ? tables.get(of.table) : undefined
  return source?.view === undefined ? source?.name : source.view.idsOf
}

/** A row without an id, or without what every record is said to have, is none. */
export function settledQuery(
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
