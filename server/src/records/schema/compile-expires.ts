import { below } from '../../errors/pointer.ts'
import type { ReferenceModel } from '../model.ts'
import { madeWhenRead } from './compile-keys.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { meant, type Report } from './report.ts'

type Drafts = ReadonlyMap<string, CollectionDraft>

/** `expires:` of a collection: the field that says when; undefined where there is none, or it can not be (and is reported). */
export function compileExpires(draft: CollectionDraft, report: Report): string | undefined {
  const { expires, appendOnly, history, ledger } = draft.raw
  if (expires === undefined) return undefined
  const pointer = below(draft.pointer, 'expires')
  if (draft.builtin) {
    report(pointer, 'users do not vanish by themselves: their records would lose who they belong to', {
      suggestion: 'suspend those whose time has come',
    })
  }
  if (appendOnly === true) report(pointer, 'records that are only added (appendOnly) never vanish')
  if (history !== undefined && history !== false) {
    report(pointer, 'what has vanished would still be read in its history')
  }
  if (ledger !== undefined) report(pointer, 'entries that vanish would leave the others of their ledger out of balance')
  for (const field of draft.fields.values()) {
    if (field.sequence?.gapless !== true) continue
    report(pointer, `records that vanish would leave gaps in '${field.name}', whose numbers are to have none`, {
      suggestion: 'number them by `sequence: true` or a format alone',
    })
  }
  const field = draft.fields.get(expires)
  if (field === undefined) {
    report(pointer, `there is no field '${expires}'`, meant(expires, draft.fields.keys()))
    return undefined
  }
  if (field.whenRead === true) {
    report(pointer, madeWhenRead(expires))
    return undefined
  }
  if (field.system || field.complete['format'] !== 'date-time') {
    report(pointer, `'${expires}' does not say when a record vanishes: a field with \`format: date-time\` does`)
    return undefined
  }
  return expires
}

/** What contracts tell of the field. */
export function tellExpiry(
  { raw }: CollectionDraft,
  { name }: FieldDraft,
  documented: FieldDraft['complete'],
): FieldDraft['complete'] {
  if (raw.expires !== name) return documented
  const { description } = documented
  const told = 'The record vanishes when this time has come.'
  return { ...documented, description: typeof description === 'string' ? `${description} ${told}` : told }
}

/** A reference as it is known once all collections are read. */
export function withExpiry<T extends Pick<ReferenceModel, 'collection'>>(relation: T, drafts: Drafts): T {
  return drafts.get(relation.collection)?.raw.expires === undefined ? relation : { ...relation, vanishes: true }
}

/** Nothing may keep a record whose time has come, nor what goes with it. */
export function checkVanishing(drafts: Drafts, report: Report): void {
  const going = goingWith(drafts)
  for (const draft of drafts.values()) {
    // Nothing holds what a view refers to.
    if (draft.view !== undefined) continue
    for (const field of draft.fields.values()) {
      const target = (field.reference ?? field.list)?.collection ?? ''
      const cause = going.get(target)
      if (cause === undefined) continue
      const what =
        cause === target ? `records of '${target}'` : `records of '${target}' go with those of '${cause}', which`
      checkReference(field, `${what} vanish by themselves`, report)
      checkLedger(draft, field, report)
    }
  }
}

/** The collections of which records go by themselves, each with the one that expires. */
function goingWith(drafts: Drafts): ReadonlyMap<string, string> {
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

function checkReference({ pointer, name, reference, list, schema }: FieldDraft, why: string, report: Report): void {
  if (reference?.onDelete === 'restrict') {
    report(below(pointer, 'onDelete'), `${why}: '${name}' can not keep them`, {
      suggestion: 'write onDelete: cascade or setNull',
    })
  }
  if (list?.onDelete === 'restrict') {
    report(below(pointer, 'items', 'onDelete'), `${why}: '${name}' can not keep them`, {
      suggestion: 'leave it out: the entry goes with its record',
    })
  }
  const least = schema['minItems']
  if (list !== undefined && typeof least === 'number' && least > 0) {
    report(below(pointer, 'minItems'), `${why}, and then '${name}' has fewer`)
  }
}

/** All entries of a group go at once, or what is left does not add up. */
function checkLedger({ raw: { ledger } }: CollectionDraft, field: FieldDraft, report: Report): void {
  if (ledger === undefined || field.reference?.onDelete !== 'cascade') return
  const per = typeof ledger.per === 'string' ? [ledger.per] : ledger.per
  if (per.includes(field.name)) return
  report(
    below(field.pointer, 'onDelete'),
    `what '${field.name}' takes with it by itself would leave the rest of the ledger out of balance`,
    { suggestion: `add '${field.name}' to the ledger's \`per\`` },
  )
}
