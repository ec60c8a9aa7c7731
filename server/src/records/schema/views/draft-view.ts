import { below } from '../../../errors/pointer.ts'
import type { CollectionDraft, RawCollection } from '../draft.ts'
import { interval } from '../interval.ts'
import { snakeCase } from '../naming.ts'
import type { Report } from '../report.ts'

const BESIDE_VIEW: readonly string[] = ['view', 'description', 'schema', 'rules', 'fields', 'materialized']
const WRITING = ['write', 'create', 'update', 'delete']

/** A collection whose records come from SQL, before anybody knows what its columns are. */
export function draftView(
  name: string,
  raw: RawCollection & { readonly view: string },
  pointer: string,
  report: Report,
): CollectionDraft {
  const materialized = materializedOf(raw)
  const beside = materialized === undefined ? BESIDE_VIEW : [...BESIDE_VIEW, 'index']
  for (const keyword of Object.keys(raw)) {
    if (beside.includes(keyword)) continue
    if (keyword === 'index') {
      report(below(pointer, keyword), 'only a view whose rows are kept can have indexes', {
        at: 'key',
        suggestion: 'index what the view reads, or write materialized: true',
      })
      continue
    }
    report(below(pointer, keyword), `'${keyword}' is for records that are stored, and those of a view are not`, {
      at: 'key',
      ...(keyword === 'search' ? { suggestion: 'search in the collections that the view reads' } : {}),
    })
  }
  if (raw.schema?.additionalProperties !== undefined) {
    report(below(pointer, 'schema', 'additionalProperties'), 'a view has the columns that it names, and no other keys')
  }
  for (const action of WRITING) {
    const rule = raw.rules?.[action]
    if (rule === undefined || rule === false) continue
    report(below(pointer, 'rules', action), 'nobody writes the records of a view', {
      suggestion: action === 'write' ? "leave it out, and keep 'read'" : 'leave it out',
    })
  }
  return {
    name,
    tableName: snakeCase(name),
    pointer,
    // What was told of is not told of again.
    raw: Object.fromEntries(Object.entries(raw).filter(([keyword]) => beside.includes(keyword))),
    ids: 'generated',
    storage: 'durable',
    builtin: false,
    view: { query: raw.view, reads: [], isKnown: false, ...(materialized === undefined ? {} : { materialized }) },
    fields: new Map([['id', idOfAny(pointer)]]),
  }
}

function materializedOf({ materialized }: RawCollection): { readonly every?: string } | undefined {
  if (materialized === undefined || materialized === false) return undefined
  if (materialized === true || materialized.every === undefined) return {}
  return { every: interval(materialized.every) }
}

function idOfAny(pointer: string) {
  const uuid = { type: 'string', format: 'uuid' }
  return {
    ...{ name: 'id', column: 'id', pointer, system: true, required: true, readonly: true, hidden: false },
    ...{ immutable: false, owner: false, rawDefault: undefined, complete: uuid, schema: uuid },
  }
}
