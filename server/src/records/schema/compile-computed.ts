import { below } from '../../errors/pointer.ts'
import type { CheckedExpression, Environment } from '../../expr/index.ts'
import { compileExpression } from './compile-expression.ts'
import { madeWhenRead } from './compile-keys.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { ruleVariables, typeOf } from './environment.ts'
import type { Report } from './report.ts'

/** `computed:` of a collection's fields, by name. */
export function compileComputed(
  draft: CollectionDraft,
  drafts: ReadonlyMap<string, CollectionDraft>,
  environment: Environment,
  report: Report,
): ReadonlyMap<string, CheckedExpression> {
  const variables = ruleVariables(draft, environment, 'view')
  const compiled = new Map<string, CheckedExpression>()
  for (const field of draft.fields.values()) {
    if (field.rawComputed === undefined) continue
    const pointer = below(field.pointer, 'computed')
    const place = { pointer, variables, expect: typeOf(field, drafts), lookups: true }
    const expression = compileExpression(field.rawComputed, environment, place, report)
    if (expression === undefined) continue
    const other = differsFor(expression)
    if (other === undefined) compiled.set(field.name, expression)
    else report(pointer, `can be made of records, 'now' and 'auth.id'; this also depends on ${other}`)
  }
  const circular = [...compiled.keys()].filter((name) => checkCircle(name, draft, compiled, report))
  for (const name of circular) compiled.delete(name)
  return compiled
}

function differsFor({ uses }: CheckedExpression): string | undefined {
  const [setting] = uses.settings
  if (setting !== undefined) return `'settings.${setting}', which may change`
  if (uses.request.size > 0) return 'the request'
  const caller = [...uses.auth].find((name) => name !== 'id')
  return caller === undefined ? undefined : `'auth.${caller}'`
}

/**
 * The collection, where is known which of its fields are stored. What is made of nothing but the record is made when that is written. What
 * else it depends on changes without a write, so it is made when it is read.
 */
export function withReadFields(
  draft: CollectionDraft,
  compiled: ReadonlyMap<string, CheckedExpression>,
  report: Report,
): CollectionDraft {
  const isRead = (name: string): boolean => {
    const uses = compiled.get(name)?.uses
    if (uses === undefined) return false
    const others = uses.collections.size + uses.auth.size
    return others > 0 || uses.now || uses.record.has('version') || [...uses.record].some(isRead)
  }
  const fields = [...draft.fields].map(([name, field]): [string, FieldDraft] => {
    if (!isRead(name)) return [name, field]
    for (const keyword of BOUNDS) {
      if (field.complete[keyword] === undefined) continue
      report(below(field.pointer, keyword), `${madeWhenRead(name)}: nothing is written that could be refused`)
    }
    if (field.required) report(below(field.pointer, 'computed'), `${madeWhenRead(name)}: it can not be in 'required'`)
    return [name, { ...field, whenRead: true }]
  })
  return { ...draft, fields: new Map(fields) }
}

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']

/** Whether a field is made of itself; told once, of the first of those that lead to one another. */
function checkCircle(
  name: string,
  { fields }: CollectionDraft,
  compiled: ReadonlyMap<string, CheckedExpression>,
  report: Report,
): boolean {
  const circle = circleFrom(name, compiled)
  if (circle === undefined) return false
  if (firstOf(circle, fields) !== name) return true
  const pointer = below(fields.get(name)?.pointer ?? '', 'computed')
  report(pointer, `'${name}' is computed from itself: ${[...circle, name].join(' → ')}`)
  return true
}

function circleFrom(name: string, compiled: ReadonlyMap<string, CheckedExpression>): string[] | undefined {
  const seen = new Set<string>()
  const search = (at: string, path: readonly string[]): string[] | undefined => {
    for (const next of compiled.get(at)?.uses.record ?? []) {
      if (next === name) return [...path]
      if (seen.has(next)) continue
      seen.add(next)
      const found = search(next, [...path, next])
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(name, [name])
}

function firstOf(circle: readonly string[], fields: ReadonlyMap<string, FieldDraft>): string | undefined {
  return [...fields.keys()].find((name) => circle.includes(name))
}
