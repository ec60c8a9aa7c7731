import { below } from '../../errors/pointer.ts'
import type { ReferenceModel } from '../model.ts'
import { madeWhenRead } from './compile-keys.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { meant, type Report } from './report.ts'
import { isSchema } from './value-schema.ts'
import type { Going } from './vanishing.ts'

type Drafts = ReadonlyMap<string, CollectionDraft>

/** `expires:` of a collection: the field that says when; undefined where there is none, or it can not be (and is reported). */
export function compileExpires(draft: CollectionDraft, report: Report): string | undefined {
  const { expires, ledger } = draft.raw
  if (expires === undefined) return undefined
  const pointer = below(draft.pointer, 'expires')
  if (draft.builtin) {
    report(pointer, 'users do not vanish by themselves: their records would lose who they belong to', {
      suggestion: 'suspend those whose time has come',
    })
  }
  if (ledger !== undefined) {
    report(pointer, 'entries that vanish would leave the others of their ledger out of balance', {
      suggestion: 'let whole groups go: by a reference in `per` with onDelete: cascade, to records that expire',
    })
  }
  for (const name of gaplessFields(draft)) {
    report(pointer, `records that vanish would leave gaps in '${name}', whose numbers are to have none`, {
      suggestion: COUNT,
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
export function checkVanishing(drafts: Drafts, going: Going, report: Report): void {
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
      if (field.reference?.onDelete !== 'cascade') continue
      checkLedger(draft, field, report)
      checkGoing(draft, field, target, report)
    }
  }
}

const COUNT = 'number them by `sequence: true`, a format, or `per` without `gapless`'

/** Where the document asks for it; what is counted `per` something has no gaps when it is given, which is all that it promises. */
function gaplessFields({ raw }: CollectionDraft): string[] {
  return Object.entries(raw.schema?.properties ?? {}).flatMap(([name, { sequence }]) =>
    isSchema(sequence) && sequence['gapless'] === true ? [name] : [],
  )
}

/** What is not to vanish by itself does not go with what does. */
function checkGoing(draft: CollectionDraft, { pointer, name }: FieldDraft, target: string, report: Report): void {
  if (draft.builtin) {
    report(below(pointer, 'onDelete'), `users do not vanish by themselves, and '${name}' would take them along`, {
      suggestion: 'write onDelete: setNull',
    })
  }
  for (const numbered of gaplessFields(draft)) {
    const message = `what goes with records of '${target}' would leave gaps in '${numbered}', whose numbers are to have none`
    report(below(pointer, 'onDelete'), message, { suggestion: COUNT })
  }
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
  if (ledger === undefined) return
  const per = typeof ledger.per === 'string' ? [ledger.per] : ledger.per
  if (per.includes(field.name)) return
  report(
    below(field.pointer, 'onDelete'),
    `what '${field.name}' takes with it by itself would leave the rest of the ledger out of balance`,
    { suggestion: `add '${field.name}' to the ledger's \`per\`` },
  )
}
