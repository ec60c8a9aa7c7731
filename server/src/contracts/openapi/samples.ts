import type { CollectionModel, FieldModel } from '../../records/model.ts'
import { USERS } from '../../records/schema/users.ts'
import { createFieldChecks } from '../../records/validate/index.ts'
import { describeField, describeFields, describeSignUpField, type FieldContract } from '../describe-field.ts'
import type { ContractSource } from '../source.ts'

type Sample = Readonly<Record<string, unknown>>

/** Records as they might be: made of the examples of the document where there are some, and always valid. */
export interface Samples {
  /** As it is answered. Undefined where no valid one is known. */
  record(collection: string): Sample | undefined
  /** As it is sent, with what has to be there. */
  input(collection: string): Sample | undefined
  /** What a sign-up sends beside the password. */
  profile(): Sample | undefined
  session(): (Sample & { readonly refreshToken: string }) | undefined
}

const ID = '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b'
const TIME = '2026-02-28T09:30:00.000Z'

export function createSamples(source: ContractSource): Samples {
  const checks = createFieldChecks()

  const samples: Samples = {
    record(name) {
      const fields = fieldsOf(name, describeField).filter((field) => field.read !== 'never')
      return collect(fields, (field) => sampleOf(field.model))
    },
    input: (name) => sent(fieldsOf(name, describeField)),
    profile: () => sent(fieldsOf(USERS, describeSignUpField)),
    session() {
      const user = samples.record(USERS)
      if (user === undefined) return undefined
      return { accessToken: 'eyJhbGciOiJFZERTQSJ9.…', refreshToken: 'rbr_…', expiresAt: TIME, user }
    },
  }
  return samples

  function sent(fields: readonly FieldContract[]): Sample | undefined {
    const necessary = fields.filter((field) => field.create && field.mustBeSent)
    return collect(necessary, (field) => sampleOf(field.model))
  }

  function fieldsOf(name: string, describe: (model: FieldModel) => FieldContract): FieldContract[] {
    const model = source.collections.get(name)
    return model === undefined ? [] : describeFields(model, describe)
  }

  /** A value in the form in which it is stored; undefined where none is known. */
  function sampleOf(model: FieldModel): unknown {
    if (model.reference !== undefined) return idOf(source.collections.get(model.reference.collection))
    if (model.list !== undefined) {
      const id = idOf(source.collections.get(model.list.collection))
      return id === undefined ? [] : [id]
    }
    const known = model.system ? systemValue(model) : undefined
    if (known !== undefined) return known
    const check = checks.of(model.schema)
    for (const candidate of candidates(model)) {
      const stored = check(candidate, '', [])
      if (stored !== undefined) return stored
    }
    return undefined
  }

  function idOf(target: CollectionModel | undefined): unknown {
    const id = target?.fields.get('id')
    return id === undefined ? undefined : sampleOf(id)
  }
}

function collect(fields: readonly FieldContract[], sampleOf: (field: FieldContract) => unknown): Sample | undefined {
  const sample: Record<string, unknown> = {}
  for (const field of fields) {
    const value = sampleOf(field)
    if (value !== undefined) sample[field.name] = value
    else if (field.nullable) sample[field.name] = null
    else return undefined
  }
  return sample
}

function systemValue({ name, type }: FieldModel): unknown {
  if (type.format === 'list of strings') return []
  if (name === 'suspended') return false
  if (name === 'version') return 1
  return name === 'createdAt' || name === 'updatedAt' ? TIME : undefined
}

function candidates(model: FieldModel): readonly unknown[] {
  const { documented, default: preset, type } = model
  const { examples, const: only, enum: values } = documented
  return [
    ...(Array.isArray(examples) ? examples : []),
    ...(preset !== undefined && 'literal' in preset ? [preset.literal] : []),
    ...(only === undefined ? [] : [only]),
    ...(Array.isArray(values) ? values : []),
    ...(byFormat[type.format] ?? []),
    ...ranges(type),
    ...(type.json === 'number' ? numbers(documented) : []),
    ...(type.json === 'json' ? [{}, [], { city: 'Berlin' }, ['a'], [1], [{}]] : []),
    ...(type.json === 'string' ? TEXTS : []),
  ]
}

function numbers({ minimum, exclusiveMinimum, maximum, multipleOf }: Readonly<Record<string, unknown>>): unknown[] {
  const bounds = [minimum, maximum, multipleOf].filter((bound) => typeof bound === 'number')
  return [
    1,
    ...bounds,
    ...(typeof exclusiveMinimum === 'number' ? [exclusiveMinimum + 1, exclusiveMinimum + 0.5] : []),
    0,
  ]
}

function ranges({ end }: FieldModel['type']): unknown[] {
  const [from, until] = end === undefined ? [] : (RANGES[end.format] ?? [])
  return from === undefined ? [] : [{ from, until }]
}

const RANGES: Readonly<Record<string, readonly [unknown, unknown]>> = {
  date: ['2026-02-28', '2026-03-07'],
  'date-time': [TIME, '2026-02-28T11:00:00.000Z'],
  integer: [1, 10],
  int64: ['1', '10'],
  decimal: ['1', '10'],
}

const byFormat: Readonly<Record<string, readonly unknown[]>> = {
  uuid: [ID],
  'date-time': [TIME],
  date: ['2026-02-28'],
  time: ['09:30:00'],
  duration: ['PT1H30M'],
  email: ['ada@example.org'],
  uri: ['https://example.org/'],
  hostname: ['example.org'],
  ip: ['192.0.2.1'],
  decimal: ['12.50', '1', '0', '-1', '100'],
  int64: ['12', '1', '0', '-1'],
  boolean: [true],
}

/** One of them fits most patterns. */
const TEXTS = [
  'text',
  'A text',
  'de',
  'DE',
  'ab',
  'AB',
  'a',
  'A',
  'Ab',
  'abc',
  'ABC',
  'abc-123',
  'ABC-123',
  'a1',
  'A1',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '#336699',
  '+491234567',
  '2026-02',
  'a/b',
  'v1.0.0',
]
