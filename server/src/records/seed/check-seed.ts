import { below } from '../../errors/pointer.ts'
import { CAMEL_CASE, camelCase } from '../schema/naming.ts'
import { meant } from '../schema/report.ts'
import { isObject } from '../validate/merge-patch.ts'
import { checkRecord, type RecordContext } from './check-record.ts'
import type { EntryDraft, SetDraft } from './drafts.ts'
import type { SeedEntry, SeedModel, SeedRecord, SeedSet } from './model.ts'
import { orderRecords } from './order-records.ts'
import { orderSets } from './order-sets.ts'

/** Records of a set, with those of the sets that it stands on. */
const MOST_RECORDS = 5000

export type SeedContext = Omit<RecordContext, 'entries'>

/** `seed.yaml`, raw, as a model. Everything wrong is reported, with pointers into the file. */
export function checkSeed(raw: unknown, context: SeedContext): SeedModel {
  const { report } = context
  if (raw === undefined || raw === null) return new Map()
  if (!isObject(raw)) {
    report('', 'a seed is a map of sets', { suggestion: 'default: { ada: { users: { email: ada@example.org } } }' })
    return new Map()
  }
  const drafts = new Map(Object.entries(raw).flatMap(([name, set]) => readSet(name, set, context)))
  const chains = orderSets(drafts, report)
  // Names are resolved over all sets before any record is looked at: an entry may refer to one that comes later.
  return new Map(
    [...drafts.values()].flatMap((draft): [string, SeedSet][] => {
      const sets = chains.get(draft.name)
      return sets === undefined ? [] : [[draft.name, finishSet(draft, sets, drafts, context)]]
    }),
  )
}

function readSet(name: string, raw: unknown, context: SeedContext): [string, SetDraft][] {
  const { report } = context
  const pointer = below('', name)
  if (!checkName(name, 'set', pointer, context)) return []
  if (!isObject(raw)) {
    report(pointer, 'a set is a map of names to records')
    return []
  }
  const { with: before, ...rest } = raw
  const sets = readWith(before, below(pointer, 'with'), context)
  const entries = Object.entries(rest).flatMap(([entry, value]) => readEntry(name, entry, value, context))
  return [[name, { name, with: sets, entries: new Map(entries) }]]
}

function readWith(raw: unknown, pointer: string, { report }: SeedContext): readonly string[] {
  if (raw === undefined) return []
  if (Array.isArray(raw) && raw.every((item) => typeof item === 'string')) return raw
  report(pointer, "'with' is a list of the sets that come before", { suggestion: 'with: [base]' })
  return []
}

function readEntry(set: string, name: string, raw: unknown, context: SeedContext): [string, EntryDraft][] {
  const { collections, report } = context
  const pointer = below('', set, name)
  if (!checkName(name, 'entry', pointer, context)) return []
  const [pair, more] = isObject(raw) ? Object.entries(raw) : []
  if (pair === undefined || more !== undefined) {
    const message = more === undefined ? 'a collection and its record are expected' : 'an entry has one collection'
    const [known = 'todos'] = [...collections.keys()].filter((one) => one !== 'users')
    report(pointer, message, { suggestion: `${name}: { ${known}: { … } }` })
    return []
  }
  const [collection, value] = pair
  const at = below(pointer, collection)
  if (!collections.has(collection)) {
    report(at, `there is no collection '${collection}'`, { at: 'key', ...meant(collection, collections.keys()) })
    return []
  }
  if (collections.get(collection)?.view !== undefined) {
    report(at, `'${collection}' is a view: seed what it reads`, { at: 'key' })
    return []
  }
  const many = Array.isArray(value)
  return [[name, { set, name, collection, many, pointer: at, raw: many ? value : [value] }]]
}

function checkName(name: string, what: 'set' | 'entry', pointer: string, { report }: SeedContext): boolean {
  if (CAMEL_CASE.test(name) && !(name in Object.prototype)) return true
  const message = `'${name}' is no name for ${what === 'set' ? 'a set' : 'an entry'}: camelCase is expected`
  report(pointer, message, { at: 'key', suggestion: `for example '${camelCase(name)}'` })
  return false
}

function finishSet(
  draft: SetDraft,
  sets: readonly string[],
  drafts: ReadonlyMap<string, SetDraft>,
  context: SeedContext,
): SeedSet {
  const { report } = context
  const all = new Map<string, EntryDraft>()
  for (const set of sets) {
    for (const entry of drafts.get(set)?.entries.values() ?? []) {
      const first = all.get(entry.name)
      if (first === undefined) all.set(entry.name, entry)
      // Told once, at the set that brings them together.
      else if (entry.set === draft.name || first.set !== draft.name)
        report(below('', draft.name, entry.set === draft.name ? entry.name : 'with'), twice(entry, first), {
          at: 'key',
        })
    }
  }
  const count = [...all.values()].reduce((sum, entry) => sum + entry.raw.length, 0)
  if (count > MOST_RECORDS) {
    report(below('', draft.name), `the set has ${count} records; at most ${MOST_RECORDS} are possible`, { at: 'key' })
    return { name: draft.name, entries: new Map(), sets, order: [] }
  }
  const entries = new Map([...all].map(([name, entry]) => [name, finishEntry(entry, all, draft.name, context)]))
  return { name: draft.name, entries, sets, order: orderRecords(entries, report) }
}

function twice(entry: EntryDraft, first: EntryDraft): string {
  return `'${entry.name}' is in '${first.set}' already${entry.set === first.set ? '' : `, and in '${entry.set}'`}`
}

/** What belongs to another set was told there. */
function finishEntry(
  { set, name, collection, many, pointer, raw }: EntryDraft,
  entries: ReadonlyMap<string, EntryDraft>,
  of: string,
  context: SeedContext,
): SeedEntry {
  const report: SeedContext['report'] = set === of ? context.report : () => {}
  const records = raw.map((record, position): SeedRecord => {
    const at = many ? below(pointer, position) : pointer
    const checked = checkRecord(record, collection, at, { ...context, entries, report })
    return { set, name, position, collection, pointer: at, level: 0, ...checked }
  })
  return { name, collection, many, records }
}
