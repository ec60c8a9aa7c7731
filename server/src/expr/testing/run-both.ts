import type { Database } from '../../db/database.ts'
import {
  type CelType,
  type CheckedExpression,
  checkExpression,
  type Environment,
  ExpressionError,
  type JsWorld,
  type SqlScope,
  type SqlVariable,
  toJs,
  toSql,
} from '../index.ts'
import { collections, ENTRIES, SCHEMA } from './app.ts'
import type { Json, World } from './records.ts'
import { settingType } from './settings.ts'

/** What both back ends made of one expression, for one record and caller. */
export interface Outcome {
  readonly source: string
  readonly mode: 'exact' | 'truth'
  readonly record: Json
  readonly auth: Json | undefined
  readonly sql: unknown
  readonly js: unknown
  readonly text: string
}

export const NOW = '2026-06-15T12:00:00.000Z'

export async function store(db: Database, world: World): Promise<void> {
  for (const [name, records] of Object.entries(world) as [string, readonly Json[]][]) {
    const fields = [...(collections.get(name)?.fields ?? [])]
    const values = records.map(
      (record) => `(${fields.map(([key, { type }]) => sqlValue(record[key], type.pg)).join(', ')})`,
    )
    await db.once(`truncate "${SCHEMA}"."${name}"`)
    await db.once(`insert into "${SCHEMA}"."${name}" values ${values.join(', ')}`)
  }
  await db.once(`truncate ${ENTRIES}`)
  await db.once(
    `insert into ${ENTRIES} select t.id, e.n - 1, e.v::uuid from "${SCHEMA}"."things" t, jsonb_array_elements_text(t.rooms) with ordinality e(v, n)`,
  )
}

function sqlValue(value: unknown, pg: string): string {
  if (value === null || value === undefined) return 'null'
  const type = pg.replace(/ collate .*/, '')
  if (Array.isArray(value) && type === 'text[]')
    return value.length === 0 ? `'{}'::text[]` : `array[${value.map((item) => `'${String(item)}'`).join(', ')}]`
  const text = type === 'jsonb' ? JSON.stringify(value) : type.endsWith('range') ? rangeText(value) : String(value)
  return `'${text.replaceAll("'", "''")}'::${type}`
}

function rangeText(value: unknown): string {
  const { from, until } = value as Readonly<Record<'from' | 'until', unknown>>
  return `[${String(from ?? '')},${String(until ?? '')})`
}

/** A null that is of no type would fit nowhere. */
function constant(value: unknown, pg: string): string {
  return value === null ? `null::${pg.replace(/ collate .*/, '')}` : sqlValue(value, pg)
}

/** The record is a row of its table, or the JSON that was sent. */
export type Place = 'row' | 'json'

const AUTH = new Map(
  ['id', 'email', 'roles', 'age', 'nick', 'room'].map((field) => [field, field === 'id' ? 'x.uid' : `u."${field}"`]),
)

function scopeOf(place: Place, settings: Json): SqlScope {
  const constants = Object.entries(settings).map(
    ([name, value]) => [name, constant(value, settingType(name).pg)] as const,
  )
  return {
    variables: new Map<string, SqlVariable>([
      ['record', place === 'row' ? { row: 't', stored: true } : { json: 'd.doc' }],
      ['auth', { columns: AUTH }],
      ['now', { sql: `timestamptz '${NOW}'` }],
      ['settings', { columns: new Map(constants) }],
    ]),
  }
}

interface Setting {
  readonly environment: Environment
  readonly variables: ReadonlyMap<string, CelType>
  readonly place?: Place
  /** What is set; nothing when absent. */
  readonly settings?: Json
}

/** Every source with every record, for nobody and for two users, in one statement per few sources. */
export async function runBoth(
  db: Database,
  world: World,
  sources: readonly string[],
  setting: Setting,
): Promise<Outcome[]> {
  const checked = sources.flatMap((source) => compile(source, setting))
  const outcomes: Outcome[] = []
  for (let from = 0; from < checked.length; from += 40) {
    outcomes.push(...(await runSome(db, world, checked.slice(from, from + 40), setting.settings ?? {})))
  }
  return outcomes
}

interface Compiled {
  readonly source: string
  readonly mode: Outcome['mode']
  readonly text: string
  readonly js: (values: Json, world: JsWorld) => unknown
}

/** What does not type is skipped: the generator mixes kinds that do not go together now and then. */
function compile(source: string, { environment, variables, place = 'row', settings = {} }: Setting): Compiled[] {
  const both = (expression: CheckedExpression, mode: Outcome['mode']): Compiled => ({
    source,
    mode,
    text: toSql(expression, scopeOf(place, settings)),
    js: toJs(expression),
  })
  try {
    const exact = checkExpression(source, environment, { variables, lookups: true })
    return [
      both(exact, 'exact'),
      both(checkExpression(source, environment, { variables, lookups: true, expect: 'bool' }), 'truth'),
    ]
  } catch (error) {
    if (error instanceof ExpressionError) return []
    throw new Error(`${source}: ${String(error)}`, { cause: error })
  }
}

async function runSome(db: Database, world: World, compiled: readonly Compiled[], settings: Json): Promise<Outcome[]> {
  const columns = compiled.map(({ text, mode }, index) =>
    mode === 'truth' ? `((${text}) is true) as c${index}` : `(${text}) as c${index}`,
  )
  const users = [null, ...world.users.slice(0, 2).map(({ id }) => id)]
  const callers = `unnest(array[${users.map((id) => (id === null ? 'null' : `'${String(id)}'`)).join(', ')}]::uuid[]) x(uid)`
  const documents = world.things.map(
    (record) => `('${String(record['id'])}'::uuid, '${JSON.stringify(record).replaceAll("'", "''")}'::jsonb)`,
  )
  const text = `select t.id, x.uid, ${columns.join(', ')} from "${SCHEMA}"."things" t join (values ${documents.join(', ')}) d(id, doc) on d.id = t.id cross join ${callers} left join "${SCHEMA}"."users" u on u.id = x.uid`
  const rows = await db.once(text).catch(async (error: unknown) => {
    if (compiled.length > 1) return undefined
    throw new Error(`${compiled[0]?.source}\n${compiled[0]?.text}\nraised ${String(error)}`, { cause: error })
  })
  if (rows === undefined) {
    const half = Math.ceil(compiled.length / 2)
    return [
      ...(await runSome(db, world, compiled.slice(0, half), settings)),
      ...(await runSome(db, world, compiled.slice(half), settings)),
    ]
  }
  return rows.flatMap((row) => {
    const record = world.things.find(({ id }) => id === row['id']) ?? {}
    const auth = world.users.find(({ id }) => id === row['uid'])
    return compiled.map(({ source, mode, text: sql, js }, index): Outcome => {
      const answer = js({ record, auth: auth ?? { id: null }, now: NOW, settings }, worldOf(world)) ?? null
      return {
        source,
        mode,
        record,
        auth,
        sql: row[`c${index}`] ?? null,
        js: mode === 'truth' ? answer === true : answer,
        text: sql,
      }
    })
  })
}

export function worldOf(world: World): JsWorld {
  const of = (collection: string) => (world as unknown as Record<string, readonly Json[]>)[collection] ?? []
  return { get: (collection, id) => of(collection).find((record) => record['id'] === id), all: of }
}
