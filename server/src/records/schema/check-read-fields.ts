import { below } from '../../errors/pointer.ts'
import { ExpressionError } from '../../expr/index.ts'
import { type ComputedField, computedFields, fieldAt, isComputed } from '../computed.ts'
import type { CollectionModel } from '../model.ts'
import { readSql } from './computed-sql.ts'
import type { Report } from './report.ts'

type Models = ReadonlyMap<string, CollectionModel>

/** Much less than an expression may have: it stands in statements several times. */
const MAX_SQL = 20_000

/** Fields that are computed when they are read, of all collections: none is made of itself, nor of too much. */
export function checkReadFields(models: Models, report: Report): void {
  for (const { name: collection, fields } of models.values()) {
    for (const field of computedFields(fields)) {
      if (field.whenRead !== true) continue
      const pointer = below('/collections', collection, 'schema', 'properties', field.name, 'computed')
      const path = `${collection}.${field.name}`
      const circle = circleFrom(path, field, models)
      if (circle !== undefined) report(pointer, `'${path}' is computed from itself: ${[...circle, path].join(' → ')}`)
      else if (isLeading(path, field, models)) continue
      else if (isTooLong(field, models)) report(pointer, 'is too complex, with all that it is made of')
    }
  }
}

/** To a circle that it is not part of, which is told of another field. */
function isLeading(path: string, field: ComputedField, models: Models): boolean {
  const seen = new Set([path])
  const search = ({ computed }: ComputedField): boolean =>
    madeOf(computed.uses.fields, models).some(([next, inner]) => {
      if (seen.has(next)) return false
      seen.add(next)
      return circleFrom(next, inner, models) !== undefined || search(inner)
    })
  return search(field)
}

function isTooLong(field: ComputedField, models: Models): boolean {
  try {
    return (readSql(models, field, 't', 'x.uid') ?? '').length > MAX_SQL
  } catch (error) {
    if (error instanceof ExpressionError) return true
    throw error
  }
}

function circleFrom(path: string, field: ComputedField, models: Models): string[] | undefined {
  const seen = new Set<string>()
  const search = ({ computed }: ComputedField, way: readonly string[]): string[] | undefined => {
    for (const [next, inner] of madeOf(computed.uses.fields, models)) {
      if (next === path) return [...way]
      if (seen.has(next)) continue
      seen.add(next)
      const found = search(inner, [...way, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(field, [path])
}

function madeOf(paths: ReadonlySet<string>, models: Models): [string, ComputedField][] {
  return [...paths].flatMap((path) => {
    const field = fieldAt(models, path)
    return field?.whenRead === true && isComputed(field) ? [[path, field] as [string, ComputedField]] : []
  })
}
