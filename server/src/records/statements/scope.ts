import { quoteName, quoteText } from '../../db/quote.ts'
import { type CheckedExpression, type SqlScope, type SqlVariable, toSql } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { readColumn, readScope, readSql } from '../schema/computed-sql.ts'
import type { InputColumn } from './inputs.ts'

/** What statements need to know of the app around a collection. */
export interface AppNames {
  readonly slug: string
  /** The built-in `users`, whose fields rules see as `auth`. */
  readonly users: CollectionModel
  /** What the installation has set, by name: constants of SQL, of the settings' types. */
  readonly settings: ReadonlyMap<string, string>
  readonly collections: ReadonlyMap<string, CollectionModel>
}

/** `now` in SQL, cut like the columns are: a rule on a fresh record must not find it made in the future. */
export const NOW = 'now()::timestamptz(3)'

/**
 * How a rule's variables stand in our statements: the caller is the input row `x` (and its user `u`),
 * the record is whatever the statement says.
 */
export function ruleScope(app: AppNames, record: SqlVariable, data?: SqlVariable): SqlScope {
  const auth = new Map([...app.users.fields.values()].map((field) => [field.name, fieldSql(app, field, 'u')]))
  auth.set('id', CALLER_ID)
  const variables = new Map<string, SqlVariable>([
    ['auth', { columns: auth }],
    ['record', record],
    ['request', { columns: new Map(REQUEST_COLUMNS.map(({ field, name }) => [field, `x.${name}`])) }],
    ['now', { sql: NOW }],
    ['settings', { columns: app.settings }],
  ])
  if (data !== undefined) variables.set('data', data)
  return { variables, column: readColumn(app.collections, CALLER_ID) }
}

/** SQL of the caller's id. */
const CALLER_ID = 'x.uid'

/** The value of a field of the row at `alias`: its column, or what is computed when it is read. */
export function fieldSql({ collections }: Pick<AppNames, 'collections'>, field: FieldModel, alias: string): string {
  return readSql(collections, field, alias, CALLER_ID) ?? `${alias}.${quoteName(field.column)}`
}

/** For a row that is not stored yet. */
export function newRowScope(app: AppNames, columns: ReadonlyMap<string, string>): SqlScope {
  return readScope(app.collections, { columns }, CALLER_ID)
}

/** A rule as an SQL condition that is never NULL: what errs or is null denies. */
export function condition(rule: CheckedExpression, scope: SqlScope): string {
  if (rule.constant === true) return 'true'
  if (rule.constant === false) return 'false'
  return `((${toSql(rule, scope)}) is true)`
}

interface CallerInput {
  readonly caller: Caller
}

const REQUEST_COLUMNS = [
  { field: 'id', name: 'rq_id', value: (input: CallerInput) => input.caller.request.id },
  { field: 'method', name: 'rq_method', value: (input: CallerInput) => input.caller.request.method },
  { field: 'path', name: 'rq_path', value: (input: CallerInput) => input.caller.request.path },
  { field: 'ip', name: 'rq_ip', value: (input: CallerInput) => input.caller.request.ip },
]

/** The input columns that say who asks, and of `request` what the rules read. */
export function callerColumns(rules: Iterable<CheckedExpression>): InputColumn<CallerInput>[] {
  const read = new Set<string>()
  for (const rule of rules) for (const field of rule.uses.request) read.add(field)
  return [
    { name: 'uid', pg: 'uuid', value: (input) => input.caller.userId },
    { name: 'sid', pg: 'uuid', value: (input) => input.caller.sessionId },
    ...REQUEST_COLUMNS.filter(({ field }) => read.has(field)).map(({ name, value }) => ({ name, pg: 'text', value })),
  ]
}

/**
 * Joins the caller's session, and the caller's user where a rule reads more of `auth` than the id.
 * A live session implies a user that exists and is not suspended (a trigger ends the sessions of others).
 */
export function callerJoins(app: AppNames, rules: Iterable<CheckedExpression>): string {
  const session = `left join roadbase.sessions s on s.id = x.sid and s.user_id = x.uid and s.app = ${quoteText(app.slug)} and s.revoked_at is null and s.expires_at > now()`
  return readsUser(rules) ? `${session} left join ${app.users.table} u on u.id = x.uid` : session
}

/** Holds for anonymous callers and for live sessions. */
export const LIVE = '(x.sid is null or s.id is not null)'

function readsUser(rules: Iterable<CheckedExpression>): boolean {
  for (const rule of rules) for (const field of rule.uses.auth) if (field !== 'id') return true
  return false
}
