import { below } from '../../errors/pointer.ts'
import type { FieldModel, SearchModel } from '../model.ts'
import type { SearchWeight } from '../search-sql.ts'
import { madeWhenRead } from './compile-keys.ts'
import type { CollectionDraft } from './draft.ts'
import { objectName } from './naming.ts'
import { meant, type Report } from './report.ts'

/** `search:`; undefined where there is none, or it is wrong (and reported). */
export function compileSearch(
  draft: CollectionDraft,
  fields: ReadonlyMap<string, FieldModel>,
  report: Report,
): SearchModel | undefined {
  const { search } = draft.raw
  if (search === undefined) return undefined
  const pointer = below(draft.pointer, 'search')
  const isLong = typeof search['fields'] === 'object'
  const { language = 'english', fuzzy = false } = isLong ? (search as RawOptions) : {}
  const weights = (isLong ? search['fields'] : search) as Readonly<Record<string, SearchWeight>>
  const at = isLong ? below(pointer, 'fields') : pointer
  const found = Object.entries(weights).flatMap(([name, weight]) => {
    const field = searchable(name, below(at, name), fields, report)
    return field === undefined ? [] : [{ name, column: field.column, weight }]
  })
  if (found.length < Object.keys(weights).length) return undefined
  const columns = found.map(({ column }) => column)
  const content = `${language} ${found.map(({ weight }) => weight).join('')}`
  return {
    language,
    fields: found,
    fuzzy,
    index: objectName(draft.tableName, 'search', columns, content),
    ...(fuzzy ? { fuzzyIndex: objectName(draft.tableName, 'fuzzy', columns) } : {}),
  }
}

interface RawOptions {
  readonly language?: string
  readonly fuzzy?: boolean
}

function searchable(
  name: string,
  pointer: string,
  fields: ReadonlyMap<string, FieldModel>,
  report: Report,
): FieldModel | undefined {
  const field = fields.get(name)
  if (field === undefined) {
    report(pointer, `there is no field '${name}'`, meant(name, fields.keys()))
    return undefined
  }
  if (field.whenRead === true) {
    report(pointer, madeWhenRead(name))
    return undefined
  }
  const read = field.rules.read
  if (field.hidden || (read !== undefined && read.constant !== true)) {
    report(pointer, `'${name}' is not for everybody who may list a record: a search would tell which words are in it`)
    return undefined
  }
  if (field.type.cel.kind === 'string' && field.type.pg !== 'jsonb') return field
  report(pointer, `'${name}' is no text: only texts can be searched`)
  return undefined
}
