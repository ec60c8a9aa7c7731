import fc from 'fast-check'

/** A field of a document that changes at random. */
export interface FieldDraft {
  readonly type: TypeName
  readonly required?: boolean
  readonly renamedFrom?: string
  readonly default?: unknown
  readonly backfill?: string
  readonly immutable?: boolean
  readonly minimum?: number
  readonly onDelete?: string
  readonly computed?: string
}

export interface CollectionDraft {
  readonly renamedFrom?: string
  readonly chosen?: 'uuid' | 'text'
  readonly memory?: boolean
  readonly fields: Readonly<Record<string, FieldDraft>>
  readonly index: readonly (readonly string[])[]
  readonly unique: readonly (readonly string[])[]
  readonly check?: string
}

export type DocumentDraft = Readonly<Record<string, CollectionDraft>>

export type TypeName = keyof typeof types

/** Schemas by a short name, each with a default and CEL for a backfill. */
export const types = {
  text: [{ type: 'string' }, 'none', `'filled'`],
  kind: [{ enum: ['x', 'y', 'none'] }, 'none', `'x'`],
  uuid: [{ type: 'string', format: 'uuid' }, undefined, undefined],
  time: [{ type: 'string', format: 'date-time' }, '2020-01-02T03:04:05Z', 'now'],
  day: [{ type: 'string', format: 'date' }, '2020-01-02', undefined],
  money: [{ type: 'string', format: 'decimal' }, '1.25', undefined],
  fine: [{ type: 'string', format: 'decimal', scale: 4 }, '1.2345', undefined],
  whole: [{ type: 'integer' }, 7, '40 + 2'],
  number: [{ type: 'number' }, 1.5, '2.5'],
  flag: [{ type: 'boolean' }, true, 'false'],
  object: [{ type: 'object' }, { k: 1 }, undefined],
  list: [{ type: 'array' }, [1], undefined],
  user: [{ $ref: 'users' }, undefined, undefined],
  notes: [{ $ref: 'notes' }, undefined, undefined],
  userList: [{ type: 'array', items: { $ref: 'users' } }, [], '[]'],
  noteList: [{ type: 'array', items: { $ref: 'notes', onDelete: 'restrict' } }, [], undefined],
  noteSet: [{ type: 'array', items: { $ref: 'notes' }, uniqueItems: true }, undefined, '[]'],
} as const satisfies Readonly<Record<string, readonly [object, unknown, string | undefined]>>

/** The `collections:` of a document. */
export function toCollections(draft: DocumentDraft): Record<string, object> {
  return Object.fromEntries(Object.entries(draft).map(([name, collection]) => [name, toCollection(collection)]))
}

function toCollection({ renamedFrom, chosen, memory, fields, index, unique, check }: CollectionDraft): object {
  const all = Object.entries(fields)
  const required = all.filter(([, field]) => field.required === true).map(([name]) => name)
  return {
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    ...(chosen === undefined
      ? {}
      : { id: chosen === 'uuid' ? { type: 'string', format: 'uuid' } : { type: 'string' } }),
    ...(memory === true ? { storage: 'memory' } : {}),
    schema: { required, properties: Object.fromEntries(all.map(([name, field]) => [name, toField(field)])) },
    index,
    unique,
    ...(check === undefined ? {} : { check }),
    rules: { read: true, write: true },
  }
}

function toField({ type, required: _required, ...more }: FieldDraft): object {
  return { ...types[type][0], ...more }
}

/** One edit of a document, as an author makes it; undefined where it does not fit. Edits draw what they need from numbers. */
export type Edit = (document: DocumentDraft, draw: (below: number) => number) => DocumentDraft | undefined

const COLLECTIONS = ['notes', 'tasks', 'items', 'things']
const FIELDS = ['a', 'b', 'c', 'd', 'e', 'longName']
const TYPES = Object.keys(types) as TypeName[]
const DIRECT: readonly TypeName[] = TYPES.filter((type) => type !== 'user' && type !== 'notes')

const pick = <T>(list: readonly T[], draw: (below: number) => number): T | undefined => list[draw(list.length)]

const inCollection =
  (
    edit: (collection: CollectionDraft, draw: (below: number) => number, name: string) => CollectionDraft | undefined,
  ): Edit =>
  (document, draw) => {
    const name = pick(Object.keys(document), draw)
    const before = name === undefined ? undefined : document[name]
    if (name === undefined || before === undefined) return undefined
    const after = edit(before, draw, name)
    return after === undefined ? undefined : { ...document, [name]: after }
  }

const inField = (edit: (field: FieldDraft, draw: (below: number) => number) => FieldDraft | undefined): Edit =>
  inCollection((collection, draw) => {
    const name = pick(Object.keys(collection.fields), draw)
    const before = name === undefined ? undefined : collection.fields[name]
    const after = before === undefined ? undefined : edit(before, draw)
    if (name === undefined || after === undefined) return undefined
    return { ...collection, fields: { ...collection.fields, [name]: after } }
  })

/** What makes a field possible where records are. */
function newField(draw: (below: number) => number): FieldDraft {
  const type = pick(TYPES, draw) ?? 'text'
  const [, preset, fill] = types[type]
  const way = draw(4)
  if (way === 1 && preset !== undefined) return { type, required: true, default: preset }
  if (way === 2 && fill !== undefined) return { type, required: true, backfill: fill }
  return { type }
}

export const edits: Readonly<Record<string, Edit>> = {
  addCollection: (document, draw) => {
    const name = pick(
      COLLECTIONS.filter((one) => document[one] === undefined),
      draw,
    )
    if (name === undefined) return undefined
    const chosen = ([undefined, undefined, 'uuid', 'text'] as const)[draw(4)]
    const fields = { a: newField(draw), b: newField(draw) }
    return { ...document, [name]: { ...(chosen === undefined ? {} : { chosen }), fields, index: [], unique: [] } }
  },
  dropCollection: (document, draw) => {
    const name = pick(Object.keys(document), draw)
    return name === undefined ? undefined : without(document, name)
  },
  renameCollection: (document, draw) => {
    const from = pick(Object.keys(document), draw)
    const to = pick(
      COLLECTIONS.filter((one) => document[one] === undefined),
      draw,
    )
    const collection = from === undefined ? undefined : document[from]
    if (from === undefined || to === undefined || collection === undefined) return undefined
    return { ...without(document, from), [to]: { ...collection, renamedFrom: from } }
  },
  swapCollections: (document, draw) => {
    const [one, other] = [pick(Object.keys(document), draw), pick(Object.keys(document), draw)]
    if (one === undefined || other === undefined || one === other) return undefined
    const [first, second] = [document[one], document[other]]
    if (first === undefined || second === undefined) return undefined
    return { ...document, [one]: { ...second, renamedFrom: other }, [other]: { ...first, renamedFrom: one } }
  },
  addField: inCollection((collection, draw) => {
    const name = pick(
      FIELDS.filter((one) => collection.fields[one] === undefined),
      draw,
    )
    return name === undefined ? undefined : { ...collection, fields: { ...collection.fields, [name]: newField(draw) } }
  }),
  dropField: inCollection((collection, draw) => {
    const name = pick(Object.keys(collection.fields), draw)
    return name === undefined ? undefined : withoutField(collection, name)
  }),
  renameField: inCollection((collection, draw) => {
    const from = pick(Object.keys(collection.fields), draw)
    const to = pick(
      FIELDS.filter((one) => collection.fields[one] === undefined),
      draw,
    )
    const field = from === undefined ? undefined : collection.fields[from]
    if (from === undefined || to === undefined || field === undefined) return undefined
    const rest = withoutField(collection, from)
    const more = draw(3) === 0 ? { type: pick(DIRECT, draw) ?? 'text' } : field
    const fields = Object.entries(rest.fields).map(([name, one]) => [name, speakingOf(one, from, to)] as const)
    return { ...rest, fields: { ...Object.fromEntries(fields), [to]: { ...more, renamedFrom: from } } }
  }),
  swapFields: inCollection((collection, draw) => {
    const names = Object.keys(collection.fields)
    const [one, other] = [pick(names, draw), pick(names, draw)]
    if (one === undefined || other === undefined || one === other) return undefined
    const [first, second] = [collection.fields[one], collection.fields[other]]
    if (first === undefined || second === undefined) return undefined
    const fields = {
      ...collection.fields,
      [one]: { ...second, renamedFrom: other },
      [other]: { ...first, renamedFrom: one },
    }
    return { ...collection, fields }
  }),
  retype: inField((field, draw) => {
    const type = pick(TYPES, draw) ?? 'text'
    const { renamedFrom } = field
    return type === field.type ? undefined : { type, ...(renamedFrom === undefined ? {} : { renamedFrom }) }
  }),
  require: inField((field, draw) => {
    const fill = types[field.type][2]
    if (field.required === true) return undefined
    return { ...field, required: true, ...(fill === undefined || draw(3) === 0 ? {} : { backfill: fill }) }
  }),
  loosen: inField(({ required, ...field }) => (required === true ? field : undefined)),
  preset: inField(({ default: before, ...field }) => {
    const value = types[field.type][1]
    return before === undefined && value !== undefined ? { ...field, default: value } : field
  }),
  immutable: inField((field) => ({ ...field, immutable: field.immutable !== true })),
  bound: inField((field, draw) => (field.type === 'whole' ? { ...field, minimum: draw(3) - 1 } : undefined)),
  onDelete: inField((field, draw) => {
    if (field.type !== 'user' && field.type !== 'notes') return undefined
    return { ...field, onDelete: draw(2) === 0 || field.required === true ? 'cascade' : 'setNull' }
  }),
  index: inCollection((collection, draw) => {
    const name = pick(keyed(collection), draw)
    if (name === undefined) return undefined
    const index = collection.index.some(([first]) => first === name) ? [] : [[name, '-createdAt']]
    return { ...collection, index }
  }),
  unique: inCollection((collection, draw) => {
    const name = pick(keyed(collection), draw)
    if (name === undefined) return undefined
    return { ...collection, unique: collection.unique.length > 0 ? [] : [[name]] }
  }),
  check: inCollection(({ check, ...collection }, draw) => {
    const name = pick(Object.keys(collection.fields), draw)
    if (check !== undefined) return collection
    return name === undefined
      ? undefined
      : { ...collection, check: `record.${name} == null || record.${name} == record.${name}` }
  }),
  compute: inCollection((collection, draw) => {
    const name = pick(Object.keys(collection.fields), draw)
    const other = pick(Object.keys(collection.fields), draw)
    const before = name === undefined ? undefined : collection.fields[name]
    if (name === undefined || before === undefined) return undefined
    const { computed, ...plain } = before
    const { type, renamedFrom } = before
    const source = sources[type]
    const renamed = renamedFrom === undefined ? {} : { renamedFrom }
    if (computed === undefined && (source === undefined || other === name)) return undefined
    const after = computed === undefined ? { type, ...renamed, computed: `record.${other} ${source}` } : plain
    return { ...collection, fields: { ...collection.fields, [name]: after } }
  }),
  memory: inCollection(({ memory, ...collection }) => (memory === true ? collection : { ...collection, memory: true })),
  ids: inCollection(({ chosen, ...collection }, draw) => {
    const next = ([undefined, 'uuid', 'text'] as const)[draw(3)]
    return next === chosen ? undefined : { ...collection, ...(next === undefined ? {} : { chosen: next }) }
  }),
}

/** What may follow a field, whatever type that has, to make a value of this type. */
const sources: Readonly<Partial<Record<TypeName, string>>> = {
  text: "== null ? 'nothing' : 'something'",
  kind: "== null ? 'x' : 'y'",
  flag: '!= null',
  whole: '== null ? 0 : 1',
}

function speakingOf(field: FieldDraft, from: string, to: string): FieldDraft {
  const { computed } = field
  return computed === undefined ? field : { ...field, computed: computed.replace(`record.${from} `, `record.${to} `) }
}

const KEYLESS: readonly TypeName[] = ['object', 'list', 'userList', 'noteList', 'noteSet']

function keyed({ fields }: CollectionDraft): string[] {
  return Object.entries(fields).flatMap(([name, { type }]) => (KEYLESS.includes(type) ? [] : [name]))
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== name))
}

function withoutField(collection: CollectionDraft, name: string): CollectionDraft {
  const { check, ...rest } = collection
  const fields = Object.entries(without(collection.fields, name)).map(([one, { computed, ...field }]) => {
    return [one, computed?.startsWith(`record.${name} `) === false ? { ...field, computed } : field] as const
  })
  const speaks = (key: readonly string[]) => key.some((one) => one === name || one === `-${name}`)
  return {
    ...rest,
    fields: Object.fromEntries(fields),
    index: collection.index.filter((key) => !speaks(key)),
    unique: collection.unique.filter((key) => !speaks(key)),
    ...(check === undefined || check.includes(`record.${name} `) ? {} : { check }),
  }
}

export const FIRST: DocumentDraft = {
  notes: {
    fields: { a: { type: 'text' }, b: { type: 'whole', required: true, default: 1 }, c: { type: 'user' } },
    index: [['a', '-createdAt']],
    unique: [],
  },
  tasks: {
    chosen: 'text',
    fields: { a: { type: 'notes' }, d: { type: 'money' }, e: { type: 'kind' } },
    index: [],
    unique: [],
    check: 'record.d == null || record.d == record.d',
  },
}

/** Steps of an app's life, as data: names of edits with the numbers that they draw from. */
export type LifeStep =
  | { readonly act: 'edit'; readonly names: readonly string[]; readonly numbers: readonly number[] }
  | { readonly act: 'rollback'; readonly back: number }
  | { readonly act: 'purge' }

export function lives(maxLength: number): fc.Arbitrary<readonly LifeStep[]> {
  const edit = fc.record({
    act: fc.constant('edit' as const),
    names: fc.array(fc.constantFrom(...Object.keys(edits)), { minLength: 1, maxLength: 3 }),
    numbers: fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }),
  })
  const rollback = fc.record({ act: fc.constant('rollback' as const), back: fc.integer({ min: 1, max: 3 }) })
  return fc.array(
    fc.oneof(
      { weight: 12, arbitrary: edit },
      { weight: 3, arbitrary: rollback },
      { weight: 1, arbitrary: fc.constant({ act: 'purge' as const }) },
    ),
    { minLength: maxLength, maxLength },
  )
}

/** The document after some edits; the same when none of them fits. */
export function edited(document: DocumentDraft, names: readonly string[], numbers: readonly number[]): DocumentDraft {
  let at = 0
  const draw = (below: number) => (numbers[at++ % numbers.length] ?? 0) % Math.max(below, 1)
  return names.reduce((current, name) => edits[name]?.(current, draw) ?? current, document)
}
