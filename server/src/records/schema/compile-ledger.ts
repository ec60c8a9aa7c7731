import { below } from '../../errors/pointer.ts'
import type { IndexModel, LedgerModel } from '../model.ts'
import { keyField, leads, madeWhenRead } from './compile-keys.ts'
import type { CollectionDraft } from './draft.ts'
import { objectName } from './naming.ts'
import { meant, type Report } from './report.ts'

/** `ledger:`; undefined where there is none, or it is wrong (and reported). */
export function compileLedger(draft: CollectionDraft, report: Report): LedgerModel | undefined {
  const { ledger } = draft.raw
  if (ledger === undefined) return undefined
  const pointer = below(draft.pointer, 'ledger')
  const per = typeof ledger.per === 'string' ? [ledger.per] : ledger.per
  const pointerOf = (index: number) =>
    typeof ledger.per === 'string' ? below(pointer, 'per') : below(pointer, 'per', index)
  const isSummed = checkSum(ledger.sum, below(pointer, 'sum'), draft, report)
  const groups = per.map((name, index) => {
    const field = keyField(name, pointerOf(index), draft, report)
    if (field === undefined) return false
    if (name === ledger.sum) report(pointerOf(index), `'${name}' is what is summed up`)
    else if (!field.required) report(pointerOf(index), `an entry without '${name}' would be in no group`, REQUIRE)
    else return true
    return false
  })
  return isSummed && !groups.includes(false) ? { sum: ledger.sum, per } : undefined
}

const REQUIRE = { suggestion: 'add it to `required`' }

function checkSum(name: string, pointer: string, draft: CollectionDraft, report: Report): boolean {
  const field = draft.fields.get(name)
  if (field === undefined) {
    report(pointer, `there is no field '${name}'`, meant(name, draft.fields.keys()))
    return false
  }
  if (field.whenRead === true) {
    report(pointer, madeWhenRead(name))
    return false
  }
  const { type, format } = field.complete
  if (field.reference !== undefined || !SUMMED.has(String(format ?? type))) {
    const suggestion = type === 'number' ? { suggestion: 'write {type: string, format: decimal}' } : {}
    report(pointer, `'${name}' can not be summed up exactly: decimal, integer and int64 can`, suggestion)
    return false
  }
  if (field.required) return true
  report(pointer, `an entry without '${name}' would be no amount`, REQUIRE)
  return false
}

const SUMMED = new Set(['decimal', 'integer', 'int64'])

/** A commit sums up each group that has changed: by an index, where none begins with the same fields. */
export function ledgerIndex(
  draft: CollectionDraft,
  ledger: LedgerModel | undefined,
  indexes: readonly IndexModel[],
  unique: Parameters<typeof leads>[2],
): IndexModel[] {
  const [first = ''] = ledger?.per ?? []
  if (ledger === undefined || (ledger.per.length === 1 && leads(first, indexes, unique))) return []
  const name = objectName(
    draft.tableName,
    'index',
    ledger.per.map((field) => draft.fields.get(field)?.column ?? field),
  )
  if (indexes.some((index) => index.name === name)) return []
  return [{ name, fields: ledger.per.map((field) => ({ name: field, descending: false })) }]
}
