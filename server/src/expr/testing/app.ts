import type { CelType } from '../cel-type.ts'
import { type FieldDeclaration, type FieldType, fieldType, referenceListType, stringList } from '../index.ts'
import type { CollectionType, Environment } from '../types.ts'
import { settingsVariable, settingTypes } from './settings.ts'

/** A small app for tests: things of every kind, which users own and which lie in rooms that have members. */
export const SCHEMA = 'app_expr'

/** The entries of the lists `things.rooms`. */
export const ENTRIES = `"${SCHEMA}"."things__list_rooms"`

type Fields = Readonly<Record<string, FieldDeclaration>>

function field(
  type: FieldType,
  options: { readonly nullable?: boolean; readonly hidden?: boolean; readonly column?: string } = {},
): FieldDeclaration {
  const { nullable = true, hidden = false, column = '' } = options
  const reference = type.cel.kind === 'record' ? { reference: type.cel.collection } : {}
  return { column, type, nullable, hidden, ...reference }
}

const required = { nullable: false }
const of = (schema: Readonly<Record<string, unknown>>) => fieldType(schema)
const text = (format: string) => of({ type: 'string', format })
const id = field(text('uuid'), required)

const COLLECTIONS: Readonly<Record<string, Fields>> = {
  users: {
    id,
    email: field(text('email'), required),
    roles: field(stringList, required),
    age: field(of({ type: 'integer' })),
    nick: field(of({ type: 'string' })),
    room: field(of({ $ref: 'rooms' })),
  },
  rooms: {
    id,
    name: field(of({ type: 'string' }), required),
    owner: field(of({ $ref: 'users' })),
    open: field(of({ type: 'boolean' })),
    pin: field(of({ type: 'string' }), { hidden: true }),
  },
  members: {
    id,
    room: field(of({ $ref: 'rooms' }), required),
    member: field(of({ $ref: 'users' }), required),
    level: field(of({ type: 'integer' })),
  },
  things: {
    id,
    owner: field(of({ $ref: 'users' })),
    room: field(of({ $ref: 'rooms' })),
    home: field(of({ $ref: 'rooms' }), required),
    title: field(of({ type: 'string' }), required),
    note: field(of({ type: 'string' })),
    state: field(of({ enum: ['open', 'closed'] }), required),
    count: field(of({ type: 'integer' }), required),
    rank: field(of({ type: 'integer' })),
    serial: field(text('int64')),
    ratio: field(of({ type: 'number' }), required),
    weight: field(of({ type: 'number' })),
    price: field(of({ type: 'string', format: 'decimal', scale: 2 }), required),
    rate: field(of({ type: 'string', format: 'decimal', scale: 6 })),
    done: field(of({ type: 'boolean' }), required),
    flag: field(of({ type: 'boolean' })),
    startsAt: field(text('date-time'), required),
    endsAt: field(text('date-time')),
    length: field(text('duration')),
    day: field(text('date')),
    clock: field(text('time')),
    stay: field(of({ type: 'range', of: 'date' }), required),
    slot: field(of({ type: 'range', of: 'date-time', open: 'until' })),
    span: field(of({ type: 'range', of: 'integer', open: 'both' })),
    band: field(of({ type: 'range', of: 'decimal', scale: 2, open: 'from' }), required),
    tags: field(of({ type: 'array', items: { type: 'string' } })),
    rooms: { ...field(referenceListType('rooms'), required), entries: ENTRIES },
    numbers: field(of({ type: 'array', items: { type: 'integer' } }), required),
    place: field(of({ type: 'object', properties: { city: { type: 'string' }, floor: { type: 'integer' } } })),
    meta: field(of({ type: 'object' }), required),
  },
}

const INVERSES: Readonly<Record<string, CollectionType['inverses']>> = {
  users: new Map([['belongings', { collection: 'things', field: 'owner' }]]),
  rooms: new Map([
    ['content', { collection: 'things', field: 'room' }],
    ['memberships', { collection: 'members', field: 'room' }],
    ['listedBy', { collection: 'things', field: 'rooms' }],
  ]),
}

export const collections: ReadonlyMap<string, CollectionType> = new Map(
  Object.entries(COLLECTIONS).map(([name, fields]) => [
    name,
    {
      ...(INVERSES[name] === undefined ? {} : { inverses: INVERSES[name] }),
      name,
      table: `"${SCHEMA}"."${name}"`,
      fields: new Map(
        Object.entries(fields).map(([key, declaration]) => [key, { ...declaration, column: columnName(key) }]),
      ),
    },
  ]),
)

export const environment: Environment = {
  collections,
  terms: new Map([
    ['mine', { params: ['x'], source: 'x.owner == auth.id' }],
    ['inRoom', { params: ['r'], source: 'db.members.exists(m, m.room == r && m.member == auth.id)' }],
    ['between', { params: ['x', 'low', 'high'], source: 'low <= x && x <= high' }],
  ]),
  permissions: new Map([
    ['things.write', ['editor', 'admin']],
    ['things.purge', ['admin']],
  ]),
  settings: settingTypes,
}

const record = (collection: string): CelType => ({ kind: 'record', collection, nullable: false })

export const ruleVariables: ReadonlyMap<string, CelType> = new Map([
  ['auth', record('users')],
  ['record', record('things')],
  ['now', { kind: 'timestamp', nullable: false }],
  ['settings', settingsVariable],
])

export function columnName(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** `create table` of every collection. */
export function tablesSql(): string {
  const tables = [...collections.values()].map(({ table, fields }) => {
    const columns = [...fields.values()].map(({ column, type }) => `"${column}" ${type.pg}`)
    return `create table ${table} (${columns.join(', ')})`
  })
  const entries = `create table ${ENTRIES} (owner uuid, position integer, target uuid)`
  return [`create schema ${SCHEMA}`, ...tables, entries].join(';\n')
}
