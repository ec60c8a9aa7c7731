import { describe, expect, test } from 'vitest'
import { createChecker } from '../../apps/document/check-app.ts'
import { type Terms, termsSection } from '../../apps/index.ts'
import { appOf, brief } from '../../apps/testing.ts'
import { createRecordsSection } from '../section.ts'
import type { SettingModels } from './model.ts'
import { createSettingsSection } from './section.ts'

const none = undefined as never
const settings = createSettingsSection({ db: none, seal: none, report: none })
const terms = (context: Parameters<typeof settings.check>[0]) => context.part<Terms>(termsSection)
const records = createRecordsSection({ deps: none, terms, permissions: () => new Map(), settings })
const check = createChecker([termsSection, settings, records])

async function load(text: string) {
  const checked = check(await appOf('shop', `app: shop\n${text}`))
  if (!checked.ok) return { issues: brief(checked.issues), models: new Map() as SettingModels }
  return { issues: [], models: checked.app.models.get(settings as never) as SettingModels }
}

test('a setting has the schema of a field, and a default in the form in which values are stored', async () => {
  const { models, issues } = await load(`settings:
  home: { type: string, format: uri, required: true, description: Where it lives }
  limit: { type: string, format: decimal, scale: 2, default: 100 }
  until: { type: string, format: date-time, default: '2026-01-01T00:00:00+01:00' }
  hosts: { type: array, items: { type: string }, default: [a, b] }
  colours: { enum: [red, green], default: red }
  box: { type: object, properties: { width: { type: integer } }, required: [width] }
  token: { type: string, minLength: 8, secret: true }
`)
  expect(issues).toEqual([])
  expect(
    [...models.values()].map(({ name, default: preset, required, secret }) => [name, preset, required, secret]),
  ).toEqual([
    ['home', undefined, true, false],
    ['limit', '100.00', false, false],
    ['until', '2025-12-31T23:00:00.000Z', false, false],
    ['hosts', ['a', 'b'], false, false],
    ['colours', 'red', false, false],
    ['box', undefined, false, false],
    ['token', undefined, false, true],
  ])
  expect(models.get('home')).toMatchObject({
    description: 'Where it lives',
    documented: { type: 'string', format: 'uri' },
  })
  expect(models.get('box')?.documented).toMatchObject({ required: ['width'], additionalProperties: false })
})

describe('an issue of a setting', () => {
  test.each<[string, string, string[]]>([
    [
      'no name',
      '{ dailyLimit: { type: integer }, daily_limit: { type: integer } }',
      ["'daily_limit' is not a name in camelCase (did you mean 'dailyLimit'?)"],
    ],
    [
      'a name that every object has',
      '{ toString: { type: integer } }',
      ["'toString' is a property of every JavaScript object"],
    ],
    [
      'no type',
      '{ a: { description: x } }',
      ['needs a type: string, integer, number, boolean, range, object, array, or $ref to another collection'],
    ],
    ['an unknown keyword', '{ a: { type: string, defualt: x } }', ["unknown key 'defualt' (did you mean 'default'?)"]],
    [
      'a keyword of another type',
      '{ a: { type: integer, maxLength: 5 } }',
      ["'maxLength' has no meaning for a value of type integer"],
    ],
    ['a record', '{ a: { $ref: users } }', ["unknown key '$ref'"]],
    [
      'a default that does not fit',
      '{ a: { type: integer, default: many } }',
      ['the default does not fit its own setting: it must be a whole number'],
    ],
    ['a default of null', '{ a: { type: integer, default: null } }', ['null is what a setting without a default has']],
    [
      'a default that is an expression',
      '{ a: { type: string, default: =now } }',
      ['settings are constants: a default can not be an expression'],
    ],
    [
      'a default of a secret',
      '{ a: { type: string, secret: true, default: x } }',
      ['a secret has no default: everybody who reads the document would know it'],
    ],
    [
      'a default of what is required',
      '{ a: { type: string, required: true, default: x } }',
      ['a setting with a default need not be set: leave out one of the two'],
    ],
  ])('%s', async (_, text, expected) => {
    const { issues } = await load(`settings: ${text}\n`)
    expect(issues.map((line) => line.replace(/^\S+ /, ''))).toEqual(expected)
  })
})

describe('expressions read settings', () => {
  const document = (key: string) => `settings:
  limit: { type: integer, default: 5 }
  home: { type: string }
  token: { type: string, secret: true }
terms: { small(x): x < settings.limit }
collections:
  orders:
    schema: { properties: { amount: { type: integer }, note: { type: string, default: =settings.home } } }
    ${key}
`
  test.each<[string, string]>([
    ['in rules', 'rules: { read: record.amount < settings.limit, create: data.note == settings.home }'],
    ['in rules of fields', 'fields: { note: { read: settings.home != null } }'],
    ['in terms', 'rules: { read: small(record.amount) }'],
  ])('%s', async (_, key) => {
    expect((await load(document(key))).issues).toEqual([])
  })

  test.each<[string, string, string]>([
    [
      'that are not there',
      'rules: { read: settings.limits == 5 }',
      "10:29 there is no setting 'limits' (did you mean 'limit'?)",
    ],
    [
      'never a secret',
      "rules: { read: settings.token == 'x' }",
      "10:29 the setting 'token' is secret: no expression reads it",
    ],
    [
      'by name only',
      'rules: { read: settings == null }',
      "10:20 'settings' is followed by the name of a setting: settings.name",
    ],
    [
      'not in checks',
      'check: record.amount < settings.limit',
      "10:12 must be true of one record by itself; this also depends on 'settings.limit', which may change",
    ],
    [
      'not in checks by way of terms',
      'check: small(record.amount)',
      "10:12 must be true of one record by itself; this also depends on 'settings.limit', which may change",
    ],
    [
      'not in conditions of keys',
      'unique: [{ fields: [note], where: record.amount < settings.limit }]',
      "10:39 must be true of one record by itself; this also depends on 'settings.limit', which may change",
    ],
    ['of their types', "rules: { read: settings.limit == 'x' }", '10:20 can not compare int and string'],
  ])('%s', async (_, key, expected) => {
    const { issues } = await load(document(key))
    expect(issues.map((line) => line.replace('app.yaml:', '').replace(/ \(convert.*/, ''))).toEqual([expected])
  })
})
