import { didYouMean } from '../../errors/did-you-mean.ts'
import { pointer } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import { RANGE_ENDS, type RangeEnd } from '../../expr/index.ts'
import { type CollectionModel, type FieldModel, FREE } from '../model.ts'
import { cellKind } from '../statements/csv-cell.ts'
import { isObject } from '../validate/merge-patch.ts'
import type { ImportTable } from './import-types.ts'

type Body = Record<string, unknown>

/** Makes the record of a row; what can not be one is thrown. */
export type ReadRow = (cells: readonly (string | null)[]) => Body

interface Column {
  readonly field: FieldModel
  /** The field of the record that it refers to, in a column `author.email`. */
  readonly key: FieldModel | undefined
  /** The end of the range, in a column `stay.until`. */
  readonly end?: RangeEnd
}

/** How rows with this header are read; 400 for columns that are no fields, all at once. Those to be `passed` over may stand in it. */
export function readColumns(
  collections: ReadonlyMap<string, CollectionModel>,
  model: CollectionModel,
  writable: readonly FieldModel[],
  passed: ReadonlySet<string>,
  { header, parse }: ImportTable,
): ReadRow {
  const errors: Violation[] = []
  const columns = header.map((name) => {
    if (passed.has(name)) return undefined
    const column = columnOf(collections, writable, name)
    if (typeof column !== 'string') return column
    errors.push({ pointer: pointer(name.slice(0, 64)), code: 'unknown_field', message: column })
    return undefined
  })
  header.forEach((name, index) => {
    if (header.indexOf(name) !== index)
      errors.push({ pointer: pointer(name), code: 'duplicate', message: 'is there twice' })
  })
  if (errors.length > 0) {
    const [first] = errors
    const separator = header.length === 1 && /[;\t]/.test(header[0] ?? '') ? ' Columns are separated by commas.' : ''
    const detail = `The header does not fit '${model.name}': ${first?.pointer.slice(1)} ${first?.message}${separator}`
    throw new Problem('unknown_field', detail, { errors })
  }
  return (cells) => {
    const body: Body = {}
    let free: object | undefined
    for (const [index, column] of columns.entries()) {
      if (column === undefined) continue
      const cell = cells[index] ?? null
      const { field, key, end } = column
      if (end !== undefined) {
        if (cell !== null)
          body[field.name] = { ...(body[field.name] as object | null), [end]: endIn(field, cell, parse) }
        // Without its ends there is no range.
        else if (!field.required) body[field.name] ??= null
      } else if (key !== undefined) {
        if (cell !== null)
          body[field.name] = { ...(body[field.name] as object | undefined), [key.name]: valueIn(key, cell, parse) }
        else body[field.name] ??= null
      } else if (field.name === FREE) free = cell === null ? undefined : freeKeys(valueIn(field, cell, parse))
      else if (cell !== null) body[field.name] = valueIn(field, cell, parse)
      // Nothing in a cell is no value, unless there has to be one: then it is left to the default.
      else if (!field.required) body[field.name] = null
    }
    return free === undefined ? body : { ...free, ...body }
  }
}

/** The cell of an export with the keys that are no fields. */
function freeKeys(value: unknown): object {
  if (isObject(value)) return value
  const errors = [{ pointer: `/${FREE}`, code: 'type', message: 'must be an object' }]
  throw new Problem('validation_failed', `${FREE} must be an object`, { errors })
}

function columnOf(
  collections: ReadonlyMap<string, CollectionModel>,
  writable: readonly FieldModel[],
  name: string,
): Column | string {
  const [first = '', second, ...more] = name.split('.')
  const field = writable.find((one) => one.name === first)
  const names = writable.filter(({ hidden }) => !hidden).map((one) => one.name)
  if (field === undefined) return `is no field that may be sent.${didYouMean(first, names)}`
  if (second === undefined) return { field, key: undefined }
  if (field.type.end !== undefined) {
    const end = more.length > 0 ? undefined : RANGE_ENDS.find((one) => one === second)
    return end === undefined ? `is no end of a range.${didYouMean(second, RANGE_ENDS)}` : { field, key: undefined, end }
  }
  const target = field.reference === undefined ? undefined : collections.get(field.reference.collection)
  const key = target?.fields.get(second)
  if (target === undefined || more.length > 0) return `is no relation, so nothing stands behind it`
  if (key !== undefined && !key.hidden) return { field, key }
  const known = [...target.fields.values()].filter(({ hidden }) => !hidden).map((one) => one.name)
  return `names no field of '${target.name}'.${didYouMean(second, known)}`
}

function endIn({ type: { end } }: FieldModel, cell: string, parse: ImportTable['parse']): unknown {
  if (end?.json !== 'number') return cell
  try {
    return parse(cell)
  } catch {
    return cell
  }
}

/** As JSON would have it. A text that is none of the field's type is left to the validator, which says so. */
function valueIn(field: FieldModel, cell: string, parse: ImportTable['parse']): unknown {
  if (field.type.json === 'string') return cellKind(field) === 'text' ? withoutGuard(cell) : cell
  try {
    return parse(cell)
  } catch (error) {
    if (field.type.json !== 'json' || !(error instanceof Problem)) return cell
    const errors = [{ pointer: pointer(field.name), code: 'malformed_json', message: error.detail }]
    throw new Problem(error.code, error.detail, { errors })
  }
}

/** Takes away what an export puts before a text that a spreadsheet could take for a formula. */
function withoutGuard(cell: string): string {
  return /^'[=+@\t\r\n'-]/.test(cell) ? cell.slice(1) : cell
}
