import { below } from '../../errors/pointer.ts'
import type { CheckedExpression, Environment } from '../../expr/index.ts'
import { compileExpression } from './compile-expression.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { ruleVariables, typeOf } from './environment.ts'
import type { Report } from './report.ts'

/**
 * `computed:` of a collection's fields, by name. The value is stored with its record, so it is made of nothing but the record: what
 * else it could depend on changes without a write that would make it anew.
 */
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
    const place = { pointer, variables, expect: typeOf(field, drafts), lookups: false }
    const expression = compileExpression(field.rawComputed, environment, place, report)
    if (expression === undefined) continue
    const other = dependsOn(expression)
    if (other === undefined) compiled.set(field.name, expression)
    else report(pointer, `is stored with its record, and can be made of its fields only; this also depends on ${other}`)
  }
  const circular = [...compiled.keys()].filter((name) => checkCircle(name, draft, compiled, report))
  for (const name of circular) compiled.delete(name)
  return compiled
}

function dependsOn({ uses }: CheckedExpression): string | undefined {
  const [collection] = uses.collections
  if (collection !== undefined) return `'${collection}'`
  const [setting] = uses.settings
  if (setting !== undefined) return `'settings.${setting}', which may change`
  if (uses.auth.size > 0) return 'the caller'
  if (uses.request.size > 0) return 'the request'
  if (uses.now) return 'the time'
  return uses.record.has('version') ? `'version', which is given at the end` : undefined
}

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
