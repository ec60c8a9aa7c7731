import { below } from '../../errors/pointer.ts'
import { ALWAYS, type CheckedExpression, type Environment, NEVER } from '../../expr/index.ts'
import type { Action, CollectionModel, FieldModel, VanishingModel } from '../model.ts'
import { compileExpression } from './compile-expression.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { ruleVariables } from './environment.ts'
import { meant, type Report } from './report.ts'
import { USERS_RULES } from './users.ts'
import { isWithAll } from './vanishing.ts'

const ACTIONS: readonly Action[] = ['list', 'view', 'create', 'update', 'delete']

/** `read` and `write` stand for several actions; a rule of the action's own name goes before them. */
const GENERAL: Readonly<Record<Action, 'read' | 'write'>> = {
  list: 'read',
  view: 'read',
  create: 'write',
  update: 'write',
  delete: 'write',
}

/** The collection's rules by action; absent = nobody. */
export function compileRules(
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): CollectionModel['rules'] {
  const raw = draft.raw.rules ?? {}
  const pointer = below(draft.pointer, 'rules')
  if (draft.builtin && raw['create'] !== undefined && raw['create'] !== false) {
    report(
      below(pointer, 'create'),
      'users are made by signing up (`auth: {signup: open}`) or by an administrator, not as records',
    )
  }
  const rules = ACTIONS.map((action): [Action, CheckedExpression] => {
    if (draft.builtin && action === 'create') return [action, NEVER]
    const [key, value] =
      pick(raw, [action, GENERAL[action]]) ??
      (draft.builtin ? pick(USERS_RULES, [action, GENERAL[action]]) : undefined) ??
      []
    if (key === undefined || value === undefined) return [action, NEVER]
    return [action, compileRule(value, action, below(pointer, key), draft, environment, report) ?? NEVER]
  })
  return Object.fromEntries(rules) as Record<Action, CheckedExpression>
}

/** One rule for what needs two actions at once, from their sources; mistakes in them are told elsewhere. */
export function compileBoth(
  actions: readonly [Action, Action],
  draft: CollectionDraft,
  environment: Environment,
): CheckedExpression {
  const sources = actions.map((action) => pick(draft.raw.rules ?? {}, [action, GENERAL[action]])?.[1] ?? false)
  if (sources.includes(false)) return NEVER
  const [rule, other] = [...new Set(sources)].filter((source) => source !== true)
  const source = other === undefined ? (rule ?? true) : `(${rule}) && (${other})`
  return compileRule(source, actions[1], draft.pointer, draft, environment, () => {}) ?? NEVER
}

/** A record that goes with others is there for nobody once one of them is gone, though it may take a minute until it is deleted. */
export function withAll(
  rules: CollectionModel['rules'],
  vanishing: VanishingModel,
  draft: CollectionDraft,
  environment: Environment,
): CollectionModel['rules'] {
  const together = isWithAll(vanishing)
  if (together === '') return rules
  const both = (action: 'list' | 'view') => {
    const rule = rules[action]
    if (rule.constant === false) return rule
    const source = rule.constant === true ? together : `${together} && (${rule.source})`
    const refused: Report = (_pointer, message) => {
      throw new Error(`The rule that ${draft.name} go with others is wrong: ${message}`)
    }
    return compileRule(source, action, draft.pointer, draft, environment, refused) ?? NEVER
  }
  return { ...rules, list: both('list'), view: both('view') }
}

/** Rules of single fields, by field name. */
export function compileFieldRules(
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): ReadonlyMap<string, FieldModel['rules']> {
  const compiled = new Map<string, FieldModel['rules']>()
  for (const [name, raw] of Object.entries(draft.raw.fields ?? {})) {
    const pointer = below(draft.pointer, 'fields', name)
    const field = draft.fields.get(name)
    if (field === undefined) {
      if (draft.view?.isKnown === false) continue
      report(pointer, `there is no field '${name}'`, { at: 'key', ...meant(name, draft.fields.keys()) })
      continue
    }
    checkEffect(field, raw, pointer, report)
    const one = (keys: readonly string[], action: Action) => {
      const [key, value] = pick(raw, keys) ?? []
      return key === undefined || value === undefined
        ? undefined
        : compileRule(value, action, below(pointer, key), draft, environment, report)
    }
    const [read, create, update] = [
      one(['read'], 'view'),
      one(['create', 'write'], 'create'),
      one(['update', 'write'], 'update'),
    ]
    compiled.set(name, {
      ...(read === undefined ? {} : { read }),
      ...(create === undefined ? {} : { create }),
      ...(update === undefined ? {} : { update }),
    })
  }
  return compiled
}

/** A rule that could never matter is a misunderstanding. */
function checkEffect(field: FieldDraft, raw: Readonly<Record<string, unknown>>, pointer: string, report: Report): void {
  if (field.name === 'id' && raw['read'] !== undefined)
    report(below(pointer, 'read'), 'whoever sees a record sees its id')
  if (field.hidden && raw['read'] !== undefined) report(below(pointer, 'read'), 'the field is hidden: nobody reads it')
  const unwritable = field.system
    ? 'written by the system'
    : field.isState === true
      ? 'changed by transitions'
      : field.rawComputed !== undefined
        ? 'computed'
        : field.readonly
          ? 'readonly'
          : field.owner
            ? 'the caller'
            : undefined
  if (unwritable === undefined) return
  for (const key of ['create', 'update', 'write']) {
    if (raw[key] !== undefined) report(below(pointer, key), `the field is ${unwritable}: nobody can send it`)
  }
}

export function compileRule(
  value: boolean | string,
  action: Action | 'restore',
  pointer: string,
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
) {
  if (typeof value === 'boolean') return value ? ALWAYS : NEVER
  const variables = ruleVariables(draft, environment, action)
  return compileExpression(value, environment, { pointer, variables, expect: 'bool', lookups: true }, report)
}

function pick(
  raw: Readonly<Record<string, boolean | string>>,
  keys: readonly string[],
): [string, boolean | string] | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(raw, key) ? raw[key] : undefined
    if (value !== undefined) return [key, value]
  }
  return undefined
}
