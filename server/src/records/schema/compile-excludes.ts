import { below } from '../../errors/pointer.ts'
import { type Environment, type RangeOf, rangeTypes } from '../../expr/index.ts'
import type { CheckModel, ExcludeModel, RangeType } from '../model.ts'
import { keyField, madeWhenRead, rowExpression } from './compile-keys.ts'
import type { CollectionDraft, FieldDraft, RawExclude } from './draft.ts'
import { objectName } from './naming.ts'
import { meant, type Report } from './report.ts'

/** `exclude:`, and that no range that is made of two fields ends before it begins. */
export function compileExcludes(
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): { readonly excludes: readonly ExcludeModel[]; readonly checks: readonly CheckModel[] } {
  const excludes: ExcludeModel[] = []
  const checks: CheckModel[] = []
  for (const [index, raw] of (draft.raw.exclude ?? []).entries()) {
    const pointer = below(draft.pointer, 'exclude', index)
    const exclude = compileExclude(raw, pointer, draft, environment, report)
    if (exclude === undefined) continue
    if (excludes.some(({ name }) => name === exclude.name)) {
      report(pointer, 'is there already')
      continue
    }
    excludes.push(exclude)
    const check = inOrder(exclude, pointer, draft, environment, report)
    if (check !== undefined && !checks.some(({ name }) => name === check.name)) checks.push(check)
  }
  return { excludes, checks }
}

function compileExclude(
  raw: RawExclude,
  pointer: string,
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): ExcludeModel | undefined {
  const { key = [], bounds = '[)', message } = raw
  const isField = typeof raw.range === 'string'
  const keys = key.map((name, index) => keyField(name, below(pointer, 'key', index), draft, report))
  const place = below(pointer, 'range')
  const ends =
    typeof raw.range === 'string'
      ? [rangeField(raw.range, place, draft, report)]
      : raw.range.map((name, index) => rangeEnd(name, below(place, index), draft, report))
  if (isField && raw.bounds !== undefined) {
    report(below(pointer, 'bounds'), 'a range that is one field never has its end in it', {
      suggestion: 'leave it out',
    })
  }
  const where =
    raw.where === undefined ? undefined : rowExpression(raw.where, below(pointer, 'where'), draft, environment, report)
  const [from, until] = ends
  if (from === undefined || ends.includes(undefined) || keys.includes(undefined)) return undefined
  if (from.field === until?.field) {
    report(below(pointer, 'range'), `a range has two ends: '${from.field.name}' stands twice`)
    return undefined
  }
  if (until !== undefined && from.type !== until.type) {
    const types = ends.map((end) => `'${end?.field.name}' is ${end?.word}`).join(', ')
    report(below(pointer, 'range'), `the ends of a range have one type: ${types}`)
    return undefined
  }
  const columns = [...keys, from.field, until?.field].flatMap((field) => (field === undefined ? [] : [field.column]))
  return {
    name: objectName(draft.tableName, 'exclude', columns, `${bounds === '[)' ? '' : bounds}${where?.source ?? ''}`),
    key,
    range: until === undefined ? [from.field.name] : [from.field.name, until.field.name],
    type: from.type,
    bounds,
    ...(where === undefined ? {} : { where }),
    ...(message === undefined ? {} : { message }),
  }
}

interface RangeEnd {
  readonly field: FieldDraft
  readonly type: RangeType
  readonly word: string
}

/** A field that is a range by itself. */
function rangeField(name: string, pointer: string, draft: CollectionDraft, report: Report): RangeEnd | undefined {
  const field = storedField(name, pointer, draft, report)
  if (field === undefined) return undefined
  const { type, of } = field.complete
  if (type === 'range') return { field, type: rangeTypes[of as RangeOf], word: 'range' }
  report(pointer, `'${name}' is no range`, {
    suggestion: `name two fields: [${name}, …], or write {type: range, of: …}`,
  })
  return undefined
}

function rangeEnd(name: string, pointer: string, draft: CollectionDraft, report: Report): RangeEnd | undefined {
  const field = storedField(name, pointer, draft, report)
  if (field === undefined) return undefined
  const { type, format } = field.complete
  const word = String(format ?? type)
  const range =
    field.reference === undefined && Object.hasOwn(rangeTypes, word) ? rangeTypes[word as RangeOf] : undefined
  if (range !== undefined) return { field, type: range, word }
  const hint = type === 'range' ? { suggestion: `it is a range by itself: write range: ${name}` } : {}
  report(pointer, `'${name}' can not be the end of a range: date-time, date, integer, int64 and decimal can`, hint)
  return undefined
}

function storedField(name: string, pointer: string, draft: CollectionDraft, report: Report): FieldDraft | undefined {
  const field = draft.fields.get(name)
  if (field !== undefined && field.whenRead !== true) return field
  if (field === undefined) report(pointer, `there is no field '${name}'`, meant(name, draft.fields.keys()))
  else report(pointer, madeWhenRead(name))
  return undefined
}

/** PostgreSQL itself would raise: a check is something that every caller can be told. */
function inOrder(
  { range: [from, until] }: ExcludeModel,
  pointer: string,
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): CheckModel | undefined {
  if (until === undefined) return undefined
  const [begin, end] = [`record.${from}`, `record.${until}`]
  const isOpen = [from, until].filter((name) => draft.fields.get(name)?.required !== true)
  const source = [...isOpen.map((name) => `record.${name} == null`), `${begin} <= ${end}`].join(' || ')
  const expression = rowExpression(source, pointer, draft, environment, report)
  if (expression === undefined) return undefined
  const name = objectName(draft.tableName, 'check', [], source)
  return { name, expression, message: `'${until}' is before '${from}'` }
}
