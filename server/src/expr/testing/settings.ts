import fc from 'fast-check'
import type { CelType } from '../cel-type.ts'
import { type FieldType, fieldType } from '../field-types.ts'
import type { SettingTypes } from '../types.ts'
import { INSTANTS, type Json, TEXTS, uuid } from './records.ts'

const of = (schema: Readonly<Record<string, unknown>>) => fieldType(schema)
const text = (format: string) => of({ type: 'string', format })

/** Settings of every kind: those with a default have a value always, the others perhaps. */
const SETTINGS: Readonly<Record<string, { readonly type: FieldType; readonly preset: boolean }>> = {
  limit: { type: of({ type: 'integer' }), preset: true },
  quota: { type: text('int64'), preset: false },
  ratio: { type: of({ type: 'number' }), preset: false },
  fee: { type: of({ type: 'string', format: 'decimal', scale: 2 }), preset: true },
  name: { type: of({ type: 'string' }), preset: false },
  host: { type: of({ type: 'string' }), preset: true },
  admin: { type: text('uuid'), preset: false },
  open: { type: of({ type: 'boolean' }), preset: true },
  strict: { type: of({ type: 'boolean' }), preset: false },
  since: { type: text('date-time'), preset: false },
  grace: { type: text('duration'), preset: true },
  day: { type: text('date'), preset: false },
  clock: { type: text('time'), preset: true },
  names: { type: of({ type: 'array', items: { type: 'string' } }), preset: false },
  place: { type: of({ type: 'object', properties: { city: { type: 'string' } } }), preset: false },
}

export const settingTypes: SettingTypes = {
  fields: new Map(
    Object.entries(SETTINGS).map(([name, { type, preset }]) => [name, { ...type.cel, nullable: !preset }]),
  ),
  secrets: new Set(['token']),
}

export const settingsVariable: CelType = { kind: 'object', fields: settingTypes.fields, nullable: false }

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 })
const someText = fc.constantFrom(...TEXTS, "it's", 'q1.v', '\\', '$1')

/** What an installation may have set. */
export const settings: fc.Arbitrary<Json> = fc.record({
  limit: fc.constantFrom(0, 1, -3, Number.MAX_SAFE_INTEGER),
  quota: perhaps(fc.constantFrom('9223372036854775807', '-5', '0')),
  ratio: perhaps(fc.constantFrom(0.5, -1.25, 1e300)),
  fee: fc.constantFrom('0.00', '-3.50', '12345678901234567890.50'),
  name: perhaps(someText),
  host: someText,
  admin: perhaps(fc.constantFrom(uuid(1, 1), uuid(1, 2))),
  open: fc.boolean(),
  strict: perhaps(fc.boolean()),
  since: perhaps(fc.constantFrom(...INSTANTS)),
  grace: fc.constantFrom('PT15M', 'PT0S', 'P1D'),
  day: perhaps(fc.constantFrom('2026-03-29', '2024-02-29')),
  clock: fc.constantFrom('09:30:00', '23:59:59.999'),
  names: perhaps(fc.array(someText, { maxLength: 3 })),
  place: perhaps(fc.record({ city: fc.constantFrom('a', "b'") })),
})

export function settingType(name: string): FieldType {
  const setting = SETTINGS[name]
  if (setting === undefined) throw new Error(`There is no setting '${name}'`)
  return setting.type
}
