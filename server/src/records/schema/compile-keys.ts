import { below } from '../../errors/pointer.ts'
import type { CheckedExpression, Environment } from '../../expr/index.ts'
import type { CheckModel, IndexModel, UniqueModel } from '../model.ts'
import { isTime } from './check-sequences.ts'
import { compileExpression } from './compile-expression.ts'
import type { CollectionDraft, FieldDraft, RawCheck, RawKey } from './draft.ts'
import { rowVariables } from './environment.ts'
import { objectName } from './naming.ts'
import { meant, type Report } from './report.ts'
import { hasSubquery, rowSql } from './row-sql.ts'

/** `unique:`, and the keys that the system itself needs. */
export function compileUnique(draft: CollectionDraft, environment: Environment, report: Report): UniqueModel[] {
  const unique = (draft.raw.unique ?? []).flatMap((raw, index) => {
    const pointer = below(draft.pointer, 'unique', index)
    const fields = keyFields(raw, pointer, draft, report, false).map(({ name }) => name)
    const where = condition(raw, pointer, draft, environment, report)
    if (fields.length === 0) return []
    const name = objectName(draft.tableName, 'unique', columnsOf(fields, draft), where?.source)
    return [{ name, fields, ...(where === undefined ? {} : { where }) }]
  })
  if (draft.builtin) unique.unshift({ name: objectName(draft.tableName, 'unique', ['email']), fields: ['email'] })
  const declared = withoutDoubles(unique, below(draft.pointer, 'unique'), draft.builtin ? 1 : 0, report)
  const numbers = numberKeys(draft).filter(({ name }) => !declared.some((one) => one.name === name))
  return [...declared, ...numbers]
}

/** No number is given twice within what it is counted by. */
function numberKeys(draft: CollectionDraft): UniqueModel[] {
  return [...draft.fields.values()].flatMap(({ name, sequence }) => {
    if (sequence === undefined) return []
    const fields = [...sequence.per.filter((one) => !isTime(one)), name]
    return [{ name: objectName(draft.tableName, 'unique', columnsOf(fields, draft)), fields }]
  })
}

/** `index:`, and one for each reference that has none: what deletes a record looks for those that refer to it. */
export function compileIndexes(
  draft: CollectionDraft,
  unique: readonly UniqueModel[],
  environment: Environment,
  report: Report,
): IndexModel[] {
  const declared = (draft.raw.index ?? []).flatMap((raw, index) => {
    const pointer = below(draft.pointer, 'index', index)
    const fields = keyFields(raw, pointer, draft, report, true)
    const isGist = fields.some(({ name }) => isRange(name, draft))
    if (isGist && fields.some(({ descending }) => descending)) {
      report(pointer, 'an index with a range is in no order: it finds what overlaps, and what holds a value')
    }
    const where = condition(raw, pointer, draft, environment, report)
    if (fields.length === 0) return []
    const order = fields.some(({ descending }) => descending)
      ? fields.map(({ descending }) => (descending ? '-' : '+')).join('')
      : ''
    const content = [order, where?.source ?? ''].join('')
    const name = objectName(
      draft.tableName,
      'index',
      columnsOf(
        fields.map((field) => field.name),
        draft,
      ),
      content,
    )
    return [{ name, fields, ...(isGist ? { ranges: true as const } : {}), ...(where === undefined ? {} : { where }) }]
  })
  const indexes: IndexModel[] = withoutDoubles(declared, below(draft.pointer, 'index'), 0, report)
  for (const field of draft.fields.values()) {
    if (field.reference === undefined || leads(field.name, indexes, unique)) continue
    indexes.push({
      name: objectName(draft.tableName, 'index', [field.column]),
      fields: [{ name: field.name, descending: false }],
    })
  }
  return indexes
}

/** `check:` in any of its forms. */
export function compileChecks(draft: CollectionDraft, environment: Environment, report: Report): CheckModel[] {
  const { check } = draft.raw
  if (check === undefined) return []
  const pointer = below(draft.pointer, 'check')
  const list: [RawCheck, string][] = isList(check)
    ? check.map((one, index) => [one, below(pointer, index)])
    : [[check, pointer]]
  return list.flatMap(([raw, at]): CheckModel[] => {
    const source = typeof raw === 'string' ? raw : raw.rule
    const expression = rowExpression(
      source,
      typeof raw === 'string' ? at : below(at, 'rule'),
      draft,
      environment,
      report,
    )
    if (expression === undefined) return []
    const message = typeof raw === 'string' ? undefined : raw.message
    return [
      {
        name: objectName(draft.tableName, 'check', [], source),
        expression,
        ...(message === undefined ? {} : { message }),
      },
    ]
  })
}

function condition(
  raw: RawKey,
  pointer: string,
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): CheckedExpression | undefined {
  if (isList(raw) || raw.where === undefined) return undefined
  return rowExpression(raw.where, below(pointer, 'where'), draft, environment, report)
}

/** PostgreSQL keeps it with the row: it can speak of nothing but the row. */
export function rowExpression(
  source: string,
  pointer: string,
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
) {
  const place = { pointer, variables: rowVariables(draft, environment), expect: 'bool' as const, lookups: false }
  const expression = compileExpression(source, environment, place, report)
  if (expression === undefined) return undefined
  const [other] = expression.uses.collections
  const [setting] = expression.uses.settings
  if (other !== undefined || setting !== undefined || expression.uses.now) {
    const what =
      other !== undefined
        ? `'${other}'`
        : setting !== undefined
          ? `'settings.${setting}', which may change`
          : 'the time'
    report(pointer, `must be true of one record by itself; this also depends on ${what}`)
    return undefined
  }
  const unstored = [...expression.uses.record].find((name) => draft.fields.get(name)?.whenRead === true)
  if (unstored !== undefined) {
    report(pointer, madeWhenRead(unstored))
    return undefined
  }
  if (hasSubquery(rowSql(expression, draft.fields))) {
    report(
      pointer,
      'PostgreSQL can not hold this: it takes no macros over lists (all, exists, map, filter) in checks and conditions of keys',
    )
    return undefined
  }
  return expression
}

function keyFields(
  raw: RawKey,
  pointer: string,
  draft: CollectionDraft,
  report: Report,
  ordered: boolean,
): IndexModel['fields'] {
  const names = isList(raw) ? raw : raw.fields
  const at = isList(raw) ? pointer : below(pointer, 'fields')
  const fields = names.flatMap((written, index) => {
    const descending = ordered && written.startsWith('-')
    const name = descending ? written.slice(1) : written
    const place = below(at, index)
    const field = ordered && isRange(name, draft) ? draft.fields.get(name) : keyField(name, place, draft, report)
    if (field === undefined) return []
    if (field.name !== 'id' || names.length > 1) return [{ name, descending }]
    report(place, ordered ? 'ids are indexed already' : 'ids are unique already')
    return []
  })
  const twice = fields.find(({ name }, index) => fields.findIndex((other) => other.name === name) < index)
  if (twice !== undefined) report(at, `'${twice.name}' stands twice`)
  return fields.length === names.length && twice === undefined ? fields : []
}

/** Of a field that no column holds, where a column is needed. */
export function madeWhenRead(name: string): string {
  return `'${name}' is computed when it is read, of more than its record, and no column holds it`
}

/** A field of a key; undefined (and reported) where there is none, or its values can not be told apart by PostgreSQL. */
export function keyField(
  name: string,
  pointer: string,
  draft: CollectionDraft,
  report: Report,
): FieldDraft | undefined {
  const field = draft.fields.get(name)
  if (field === undefined) {
    // Which columns a view has is only known where there is a database.
    if (draft.view?.isKnown !== false) report(pointer, `there is no field '${name}'`, meant(name, draft.fields.keys()))
    return undefined
  }
  if (field.whenRead === true) {
    report(pointer, madeWhenRead(name))
    return undefined
  }
  const { type } = field.complete
  if (isRange(name, draft)) {
    report(pointer, `'${name}' is a range and can not be part of a key`, {
      suggestion: `so that no two overlap, write exclude: [{range: ${name}}]`,
    })
    return undefined
  }
  if (type !== 'object' && type !== 'array') return field
  report(pointer, `'${name}' is ${type === 'object' ? 'an object' : 'a list'} and can not be part of a key`)
  return undefined
}

function isRange(name: string, { fields }: CollectionDraft): boolean {
  const field = fields.get(name)
  return field?.complete['type'] === 'range' && field.whenRead !== true
}

export function leads(name: string, indexes: readonly IndexModel[], unique: readonly UniqueModel[]): boolean {
  const ofIndex = indexes.some(
    ({ fields, where, ranges }) => where === undefined && ranges === undefined && fields[0]?.name === name,
  )
  return ofIndex || unique.some(({ fields, where }) => where === undefined && fields[0] === name)
}

function withoutDoubles<T extends { readonly name: string }>(
  keys: readonly T[],
  pointer: string,
  builtin: number,
  report: Report,
): T[] {
  return keys.filter((key, index) => {
    const first = keys.findIndex((other) => other.name === key.name)
    if (first === index) return true
    report(below(pointer, index - builtin), 'is there already')
    return false
  })
}

function columnsOf(fields: readonly string[], draft: CollectionDraft): string[] {
  return fields.map((name) => draft.fields.get(name)?.column ?? name)
}

function isList<T>(value: unknown): value is readonly T[] {
  return Array.isArray(value)
}
