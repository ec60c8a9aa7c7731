import { quoteName } from '../../db/quote.ts'
import type { CollectionModel, VanishingModel } from '../model.ts'
import type { CollectionDraft } from './draft.ts'
import { entriesOf, tableOf } from './environment.ts'
import { hasCome, rowsOf } from './expiry.ts'

type Drafts = ReadonlyMap<string, CollectionDraft>

/** The collections of which records vanish by themselves, each with the one that expires. */
export type Going = ReadonlyMap<string, string>

export function goingOf(drafts: Drafts): Going {
  const going = new Map<string, string>()
  for (const { name, raw } of drafts.values()) if (raw.expires !== undefined) going.set(name, name)
  for (let size = -1; size !== going.size; ) {
    size = going.size
    for (const { name, fields } of drafts.values()) {
      for (const { reference } of fields.values()) {
        const cause = reference?.onDelete === 'cascade' ? going.get(reference.collection) : undefined
        if (cause !== undefined && !going.has(name)) going.set(name, cause)
      }
    }
  }
  return going
}

export interface VanishingContext {
  readonly drafts: Drafts
  readonly going: Going
  /** Of the app. */
  readonly schema: string
}

/**
 * How the records of a collection vanish by themselves: by a time of their own, and with what they refer to by `onDelete: cascade`. Their rows
 * are there until a sweep deletes what is due, and what goes along with it. Undefined where they do not.
 */
export function vanishingOf(
  draft: CollectionDraft,
  context: VanishingContext,
  /** Whence it was come to: a tree of records is not followed upwards. */
  above: readonly string[] = [],
): VanishingModel | undefined {
  const { drafts, going, schema } = context
  const { name, raw, fields } = draft
  if (draft.view !== undefined || !going.has(name) || above.includes(name)) return undefined
  const own = raw.expires === undefined ? undefined : fields.get(raw.expires)
  const along = [...fields.values()].flatMap((field): VanishingModel['along'][number][] => {
    const target = field.reference?.onDelete === 'cascade' ? drafts.get(field.reference.collection) : undefined
    const to = target === undefined ? undefined : vanishingOf(target, context, [...above, name])
    return to === undefined ? [] : [{ field: field.name, column: field.column, to }]
  })
  if (own === undefined && along.length === 0) return undefined
  return {
    collection: name,
    rows: rowsOf({ name, table: tableOf(draft, schema), ...(own === undefined ? {} : { expires: own.name }) }),
    ...(own === undefined ? {} : { column: own.column }),
    along,
  }
}

/** Of rows by the alias: whether a record is gone, though its row is there. */
export function isGone({ column, along }: VanishingModel, alias: string, depth = 1): string {
  const row = `gone${depth}__`
  const ways = [
    ...(column === undefined ? [] : [hasCome(`${alias}.${quoteName(column)}`)]),
    ...along.map(
      ({ column: reference, to }) =>
        `exists (select from ${to.rows} ${row} where ${row}.id = ${alias}.${quoteName(reference)} and ${isGone(to, row, depth + 1)})`,
    ),
  ]
  return ways.length === 1 ? ways.join() : `(${ways.join(' or ')})`
}

/**
 * CEL over `record`: that everything is there with which it goes. Its own time is asked by the view of its collection. Empty where
 * there is nothing to ask.
 */
export function isWithAll({ along }: VanishingModel, record = 'record', depth = 1): string {
  const conditions = along.map(({ field, to }) => {
    const reference = `${record}.${field}`
    const name = `with${depth}`
    const further = isWithAll(to, name, depth + 1)
    const there = `${name}.id == ${reference}${further === '' ? '' : ` && ${further}`}`
    return `(${reference} == null || db.${to.collection}.exists(${name}, ${there}))`
  })
  return conditions.join(' && ')
}

/** The references and lists that would keep a record of the collection (`onDelete: restrict`), of records that vanish by themselves. */
export function keptBy(name: string, context: VanishingContext): NonNullable<CollectionModel['keptBy']> {
  const { drafts, schema } = context
  return [...drafts.values()].flatMap((draft) => {
    const by = [...draft.fields.values()].flatMap((field) => {
      const { reference, list, column } = field
      if (reference?.collection === name && reference.onDelete === 'restrict') return [{ column }]
      if (list?.collection !== name || list.onDelete !== 'restrict') return []
      return [{ column, entries: entriesOf(draft, field, schema) }]
    })
    const vanishing = by.length === 0 ? undefined : vanishingOf(draft, context)
    return vanishing === undefined ? [] : by.map((one) => ({ ...one, vanishing }))
  })
}
