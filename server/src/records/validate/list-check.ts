import type { Violation } from '../../errors/problem.ts'
import type { FieldCheck, FieldChecks } from './field-check.ts'
import { typeWords } from './violations.ts'

type Schema = Readonly<Record<string, unknown>>

/** The check of a list of references: each item as an id of its target, in its stored form, and told at its own place. */
export function listCheck(schema: Schema, checks: FieldChecks): FieldCheck {
  const item = checks.of(schema['items'] as Schema)
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema as { minItems?: number; maxItems?: number }
  return (value, pointer, errors) => {
    if (!Array.isArray(value)) {
      errors.push({ pointer, code: 'type', message: `must be ${typeWords('array')}` })
      return undefined
    }
    // Too long a list is told before what is in it.
    const count = value.length
    if (count > maxItems) errors.push({ pointer, code: 'too_many', message: `must have at most ${items(maxItems)}` })
    if (count < minItems) errors.push({ pointer, code: 'too_few', message: `must have at least ${items(minItems)}` })
    if (count > maxItems) return undefined
    const ids = value.map((one: unknown, index) => item(one, `${pointer}/${index}`, errors))
    if (schema['uniqueItems'] === true) tellDoubles(ids, pointer, errors)
    return ids
  }
}

function tellDoubles(ids: readonly unknown[], pointer: string, errors: Violation[]): void {
  const first = new Map<unknown, number>()
  ids.forEach((id, index) => {
    const before = first.get(id)
    if (before === undefined) first.set(id, index)
    else if (id !== undefined)
      errors.push({ pointer: `${pointer}/${index}`, code: 'not_unique', message: `is there already, at ${before}` })
  })
}

function items(count: number): string {
  return count === 1 ? '1 item' : `${count} items`
}
