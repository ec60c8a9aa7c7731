import { describe, expect, test } from 'vitest'
import { checkDocument, modelOf, modelsOf } from './testing.ts'

const text = { type: 'string' }
const thing = (properties: object, rest: object = {}) => ({ things: { schema: { properties, ...rest } } })
const field = (schema: object) => thing({ x: schema })

/** `pointer: message (suggestion)`, without what every collection's pointer begins with. */
function issuesOf(collections: object): string[] {
  return checkDocument(collections).issues.map(({ pointer, message, suggestion }) => {
    const place = pointer.replace('/collections/things', '').replace('/schema/properties/x', 'x')
    return `${place}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
  })
}

describe('what is wrong is told at its place', () => {
  const cases: [name: string, collections: object, ...issues: (string | RegExp)[]][] = [
    // Names
    [
      'a name in snake_case',
      thing({ created_by: text }),
      /created_by: 'created_by' is not a name in camelCase \(did you mean 'createdBy'/,
    ],
    ['a name in capitals', { Things: {} }, /Things' is not a name in camelCase \(did you mean 'things'/],
    ['a word of PostgreSQL', thing({ order: text }), /'order': 'order' is a reserved word of PostgreSQL/],
    ['a word of CEL', thing({ package: text }), /'package' is a reserved word of CEL/],
    ['a system field', thing({ version: text }), /every record has 'version' already/],
    ['a variable of filters', thing({ now: text }), /'now' has a meaning of its own/],
    ['a property of objects', thing({ constructor: text }), /property of every JavaScript object/],
    [
      'a path of the system',
      { files: {} },
      "/collections/files: a collection can not be called 'files': 'files' is a path of the system",
    ],
    ['a table that is a word of PostgreSQL', { table: {} }, /'table' is a reserved word of PostgreSQL/],
    [
      'two fields that meet',
      thing({ baseURL: text, baseUrl: text }),
      /'baseUrl' and 'baseURL' are both 'base_url' in SQL/,
    ],
    ['two collections that meet', { apiURL: {}, apiUrl: {} }, /'apiUrl' and 'apiURL' are both 'api_url' in SQL/],
    ['a name too long for PostgreSQL', thing({ [`a${'b'.repeat(63)}`]: text }), /longer than the 63 bytes/],

    // Types
    ['no type', field({}), /x: needs a type: string, integer/],
    ['an unknown type', field({ type: 'strin' }), "x/type: there is no type 'strin' (did you mean 'string'?)"],
    [
      'a format as a type',
      field({ type: 'uuid' }),
      "x/type: there is no type 'uuid' (write {type: string, format: uuid})",
    ],
    [
      'a nullable type',
      field({ type: ['string', 'null'] }),
      /x\/type: a field has one type: a field that is not in `required` may be null/,
    ],
    ['an unknown format', field({ ...text, format: 'e-mail' }), /x\/format/],
    [
      'a keyword of another type',
      field({ type: 'integer', maxLength: 3 }),
      /x\/maxLength: 'maxLength' has no meaning for a value of type integer/,
    ],
    [
      'a keyword of another format',
      field({ ...text, format: 'date', pattern: 'a' }),
      /'pattern' has no meaning for a value with format date/,
    ],
    ['a keyword of a later version', field({ ...text, encrypted: true }), /unknown key 'encrypted'/],
    [
      'a combination of texts',
      field({ ...text, anyOf: [{ minLength: 1 }] }),
      "x/anyOf: 'anyOf' is for what lies inside objects and arrays",
    ],
    [
      'numbers in an enum',
      field({ enum: [1, 2] }),
      "x/enum/0: enum lists texts (write '1' in quotes)",
      "x/enum/1: enum lists texts (write '2' in quotes)",
    ],
    ['a text twice in an enum', field({ enum: ['a', 'b', 'a'] }), 'x/enum/2: entries 1 and 3 are the same'],
    [
      'an enum of very many texts with one of them twice',
      field({ enum: [...Array.from({ length: 50_000 }, (_, index) => `v${index}`), 'v7'] }),
      'x/enum/50000: entries 8 and 50001 are the same',
    ],
    [
      'a pattern that RE2 has not',
      field({ ...text, pattern: '(?=a)' }),
      /x\/pattern: is not a regular expression that RE2 knows/,
    ],
    [
      'bounds that leave nothing',
      field({ type: 'integer', minimum: 5, maximum: 1 }),
      "x/maximum: is less than 'minimum': no value can fit",
    ],
    [
      'a decimal bound as a number',
      field({ ...text, format: 'decimal', minimum: 0.5 }),
      "x/minimum: must be in quotes, so that no digit is lost: '0.5'",
    ],
    [
      'a decimal bound with more digits',
      field({ ...text, format: 'decimal', scale: 1, minimum: '0.55' }),
      /x\/minimum: must be a number with at most 1 digits/,
    ],
    ['a bound beyond JSON', field({ type: 'integer', maximum: 2 ** 53 }), /x\/maximum: must be a whole number within/],
    [
      'a nested mistake',
      field({ properties: { y: { type: 'integer', maxLength: 1 } } }),
      /x\/properties\/y\/maxLength: 'maxLength' has no meaning/,
    ],
    [
      'a required key that is not',
      field({ properties: { y: text }, required: ['other'] }),
      "x/required/0: 'other' is not among the properties",
    ],
    [
      'a required field that is not',
      thing({ title: text }, { required: ['titel'] }),
      "/schema/required/0: there is no field 'titel' (did you mean 'title'?)",
    ],

    ['else without if', field({ type: 'object', else: { required: ['y'] } }), /x: is not a schema: .*else/],

    // References
    ['an unknown collection', field({ $ref: 'user' }), "x/$ref: there is no collection 'user' (did you mean 'users'?)"],
    [
      'a nested reference',
      field({ properties: { y: { $ref: 'users' } } }),
      /x\/properties\/y\/\$ref: references to records can only be fields/,
    ],
    [
      'a keyword beside $ref',
      field({ $ref: 'users', maxLength: 3 }),
      "x/maxLength: 'maxLength' can not stand beside $ref",
    ],
    [
      'onDelete without $ref',
      field({ ...text, onDelete: 'cascade' }),
      "x/onDelete: 'onDelete' stands beside $ref only",
    ],
    [
      'setNull on a required field',
      thing({ x: { $ref: 'users', onDelete: 'setNull' } }, { required: ['x'] }),
      'x/onDelete: setNull needs a field that is not required',
    ],
    [
      'an owner that is no user',
      field({ $ref: 'things', owner: true }),
      'x/owner: an owner is a user (write {$ref: users, owner: true})',
    ],
    [
      'durable records that refer to memory',
      { ...field({ $ref: 'cache' }), cache: { storage: 'memory' } },
      /'cache' is kept in memory/,
    ],

    // Defaults
    [
      'a default of another type',
      field({ type: 'integer', default: 'a' }),
      'x/default: the default does not fit its own field: it must be a whole number',
    ],
    [
      'a default that is none of the values',
      field({ enum: ['a'], default: 'b' }),
      /x\/default: the default does not fit its own field: it must be one of "a"/,
    ],
    [
      'readonly, required, without default',
      thing({ x: { ...text, readonly: true } }, { required: ['x'] }),
      /x: is readonly and required/,
    ],

    // Keys
    [
      'an unknown field in a key',
      { things: { unique: [['nam']], schema: { properties: { name: text } } } },
      "/unique/0/0: there is no field 'nam' (did you mean 'name'?)",
    ],
    [
      'a key that is no list of lists',
      { things: { unique: ['name'] } },
      /\/unique\/0: must be a list or a map, not text/,
    ],
    [
      'an object in a key',
      { things: { index: [['x']], schema: { properties: { x: { type: 'object' } } } } },
      "/index/0/0: 'x' is an object and can not be part of a key",
    ],
    [
      'a field twice',
      { things: { index: [['x', '-x']], schema: { properties: { x: text } } } },
      "/index/0: 'x' stands twice",
    ],
    [
      'a key twice',
      { things: { unique: [['x'], ['x']], schema: { properties: { x: text } } } },
      '/unique/1: is there already',
    ],
    [
      'an unknown key in a key',
      { things: { unique: [{ fields: ['x'], when: 'a' }], schema: { properties: { x: text } } } },
      /unknown key 'when'/,
    ],

    // Rules
    ['an unknown action', { things: { rules: { reed: true } } }, /unknown key 'reed'/],
    ['a rule of an unknown field', { things: { fields: { y: { read: true } } } }, "/fields/y: there is no field 'y'"],
    [
      'a rule that never matters',
      { things: { schema: { properties: { x: { ...text, readonly: true } } }, fields: { x: { update: true } } } },
      /the field is readonly: nobody can send it/,
    ],
    ['records of users made by anybody', { users: { rules: { create: true } } }, /users are made by signing up/],
    ['a field that users have', { users: { schema: { properties: { email: text } } } }, /users have 'email' already/],
    ['users with other ids', { users: { id: { type: 'string' } } }, /users have the ids that the server makes/],
  ]
  test.each(cases)('%s', (_name, collections, ...expected) => {
    const issues = issuesOf(collections)
    expect(issues).toHaveLength(expected.length)
    for (const [index, issue] of expected.entries()) {
      expect(issues[index]).toEqual(typeof issue === 'string' ? issue : expect.stringMatching(issue))
    }
  })

  test('all at once', () => {
    expect(issuesOf(thing({ order: text, b: { type: 'integr' }, c: { $ref: 'nobody' } }))).toHaveLength(3)
  })
})

describe('excludes', () => {
  const whole = { type: 'integer' }
  const properties = { x: text, a: whole, b: whole, day: { ...text, format: 'date' }, list: { type: 'array' } }
  const excluding = (...exclude: object[]) => ({ things: { exclude, schema: { properties } } })
  const range = ['a', 'b']

  test.each([
    ['an unknown field', excluding({ range: ['a', 'be'] }), "/exclude/0/range/1: there is no field 'be'"],
    ['a text as an end', excluding({ range: ['a', 'x'] }), "/exclude/0/range/1: 'x' can not be the end of a range"],
    [
      'ends of two types',
      excluding({ range: ['a', 'day'] }),
      "/exclude/0/range: the ends of a range have one type: 'a' is integer, 'day' is date",
    ],
    ['one field as both ends', excluding({ range: ['a', 'a'] }), "/exclude/0/range: a range has two ends: 'a' stands"],
    ['three ends', excluding({ range: ['a', 'b', 'a'] }), '/exclude/0/range: '],
    ['a list as a key', excluding({ key: ['list'], range }), "/exclude/0/key/0: 'list' is a list and can not be part"],
    ['a key that is not there', excluding({ key: ['y'], range }), "/exclude/0/key/0: there is no field 'y'"],
    ['bounds that are none', excluding({ range, bounds: '()' }), '/exclude/0/bounds: '],
    ['a condition on others', excluding({ range, where: 'db.things.exists(t, true)' }), '/exclude/0/where'],
    ['the same twice', excluding({ range }, { range }), '/exclude/1: is there already'],
  ] as [string, object, string][])('%s', (_name, collections, expected) => {
    expect(issuesOf(collections).join()).toContain(expected)
  })

  test('hold that no range ends before it begins', () => {
    const [check] = modelOf(properties, { exclude: [{ key: ['x'], range }], required: ['a'] }).checks
    expect([check?.expression.source, check?.message]).toEqual([
      'record.b == null || record.a <= record.b',
      `'b' is before 'a'`,
    ])
  })
})

describe('appendOnly', () => {
  const only = (rest: object, properties: object = { x: text }) => ({
    things: { appendOnly: true, schema: { properties }, ...rest },
  })
  const asReference = (onDelete: string) => only({}, { t: { $ref: 'things', onDelete } })

  test.each([
    ['a rule for changes', only({ rules: { update: true } }), '/rules/update: records are only added here: nobody can'],
    [
      'a rule for all writes',
      only({ rules: { write: 'auth.id != null' } }),
      "/rules/write: records are only added here: 'write' stands for update and delete, too (write 'create')",
    ],
    [
      'a field that changes',
      only({ fields: { x: { update: true } } }),
      '/fields/x/update: records are only added here',
    ],
    [
      'a cascade',
      asReference('cascade'),
      "t/onDelete: records are only added here: 'cascade' would delete them (write restrict, or leave it out)",
    ],
    ['an emptied reference', asReference('setNull'), "'setNull' would change them"],
    [
      'states',
      only(
        { states: { of: 's', transitions: { end: { from: 'a', to: 'b', allow: true } } } },
        { s: { enum: ['a', 'b'], default: 'a' } },
      ),
      '/states: records are only added here: no transition can change them',
    ],
    ['users', { users: { appendOnly: true } }, '/collections/users/appendOnly: users change'],
  ])('does not go with %s', (_name, collections, expected) => {
    expect(issuesOf(collections).join()).toContain(expected)
  })

  test('goes with rules that are false', () => {
    expect(issuesOf(only({ rules: { read: true, create: true, update: false, delete: false } }))).toEqual([])
  })
})

describe('ledger', () => {
  const decimal = { ...text, format: 'decimal' }
  const properties = { t: text, amount: decimal, share: { type: 'number' }, list: { type: 'array' }, x: text }
  const ledger = (raw: object, required = ['t', 'amount', 'share', 'list']) => ({
    things: { ledger: raw, schema: { required, properties } },
  })

  test.each([
    [
      'a sum that is not there',
      ledger({ sum: 'amout', per: 't' }),
      "/ledger/sum: there is no field 'amout' (did you mean",
    ],
    [
      'a number, which is not exact',
      ledger({ sum: 'share', per: 't' }),
      "/ledger/sum: 'share' can not be summed up exactly: decimal, integer and int64 can (write {type: string, format: decimal})",
    ],
    ['a group that is not there', ledger({ sum: 'amount', per: ['t', 'y'] }), "/ledger/per/1: there is no field 'y'"],
    ['a group of lists', ledger({ sum: 'amount', per: 'list' }), "/ledger/per: 'list' is a list and can not be part"],
    [
      'entries without a group',
      ledger({ sum: 'amount', per: ['t', 'x'] }),
      "/ledger/per/1: an entry without 'x' would be in no group (add it to `required`)",
    ],
    ['entries without an amount', ledger({ sum: 'amount', per: 't' }, ['t']), '/ledger/sum: an entry without'],
    ['the sum as group', ledger({ sum: 'amount', per: 'amount' }), "/ledger/per: 'amount' is what is summed up"],
    ['no group', ledger({ sum: 'amount' }), '/ledger'],
  ])('is not %s', (_name, collections, expected) => {
    expect(issuesOf(collections).join()).toContain(expected)
  })

  test('has an index for its groups, where there is none', () => {
    const indexes = (rest: object) =>
      modelOf(properties, { required: ['t', 'amount'], ledger: { sum: 'amount', per: 't' }, ...rest }).indexes.length
    expect([indexes({}), indexes({ index: [['t', 'x']] })]).toEqual([1, 1])
  })
})

describe('sequences', () => {
  const whole = { type: 'integer' }
  const numbered = (x: object, rest: object = {}) => ({
    things: { schema: { required: ['room'], properties: { x, room: text, day: text, note: text } }, ...rest },
  })
  const format = (sequence: string, more: object = {}) => numbered({ ...text, sequence, ...more })

  test.each([
    ['of numbers with a format', numbered({ ...whole, sequence: 'A{n}' }), 'x/sequence: a number has no format (write'],
    [
      'of texts without one',
      numbered({ ...text, sequence: true }),
      "x/sequence: a text needs a format (write sequence: 'INV",
    ],
    [
      'of dates',
      numbered({ ...text, format: 'date', sequence: 'A{n}' }),
      'x/sequence: is for fields of type integer, or',
    ],
    ['with an unknown part', format('A{yaer}-{n}'), "there is no field 'yaer' (did you mean 'year'?)"],
    [
      'with an unknown part of the time',
      format('{Year}-{n}'),
      "'{Year}' is no part of a number: write {n}, {n:5}, {year}",
    ],
    ['without a number', format('A{year}'), 'x/sequence: a format has one {n}: the number'],
    ['with two numbers', format('{n}-{n}'), 'x/sequence: a format has one {n}: the number'],
    ['that runs into a field', format('{room}{n}'), 'put something between {n} and the field'],
    ['of a field that is not there', format('{rom}-{n}'), "x/sequence: there is no field 'rom' (did you mean 'room'?)"],
    [
      'per what may be missing',
      numbered({ ...whole, sequence: { per: 'note' } }),
      "without 'note' would have no number (add 'note' to",
    ],
    [
      'per year without telling it',
      numbered({ ...whole, sequence: { per: ['room', 'year'] } }),
      'numbers that begin again with each year must tell it',
    ],
    [
      'per day, a field',
      numbered({ ...text, sequence: { format: '{day}-{n}', per: 'day' } }),
      "'day' is a field here, and a part of the time",
    ],
    [
      'with gaps per room',
      numbered({ ...whole, sequence: { per: 'room', gapless: false } }),
      'x/sequence/gapless: numbers that are counted',
    ],
    [
      'of another zone',
      numbered({ ...whole, sequence: { zone: 'Mars' } }),
      "x/sequence/zone: there is no time zone 'Mars'",
    ],
    ['beside a default', format('A{n}', { default: 'x' }), 'x/default: a number is given by its sequence'],
    [
      'that is read by a check',
      numbered({ ...whole, sequence: true }, { check: 'record.x > 0' }),
      "/check: 'x' is given when the record is stored",
    ],
    [
      'that is read by a rule for creation',
      numbered({ ...whole, sequence: true }, { rules: { create: 'record.x > 0' } }),
      "/rules/create: 'x' is given when",
    ],
    [
      'with a rule for its field',
      numbered({ ...whole, sequence: true }, { fields: { x: { update: true } } }),
      '/fields/x/update: the field is readonly',
    ],
    ['with an unknown option', numbered({ ...whole, sequence: { by: 'room' } }), 'by'],
  ])('%s are told', (_name, collections, expected) => {
    expect(issuesOf(collections).join()).toContain(expected)
  })

  test('are there in every record, sent by nobody, and unique in what they are counted by', () => {
    const model = modelOf({ x: { ...whole, sequence: { per: 'room' } }, room: text }, { required: ['room'] })
    const { x, room } = Object.fromEntries(model.fields)
    expect([x?.required, x?.readonly, x?.immutable, room?.immutable]).toEqual([true, true, true, true])
    expect(model.unique.map(({ fields }) => fields)).toEqual([['room', 'x']])
  })
})

describe('expressions', () => {
  const cases: [name: string, collection: object, place: string][] = [
    ['a rule', { rules: { list: 'record.nope == 1' } }, '/rules/list'],
    [
      'a rule of a field',
      { schema: { properties: { x: text } }, fields: { x: { read: 'auth.nope' } } },
      '/fields/x/read',
    ],
    ['a check', { check: ['true', { rule: 'record.nope > 1', message: 'm' }] }, '/check/1/rule'],
    ['a check that reads the time', { check: 'record.createdAt < now' }, '/check'],
    [
      'a check that looks elsewhere',
      { schema: { properties: { x: { $ref: 'users' } } }, check: "record.x.email == 'a'" },
      '/check',
    ],
    [
      'a condition of a key',
      { unique: [{ fields: ['x'], where: 'record.x == 1' }], schema: { properties: { x: text } } },
      '/unique/0/where',
    ],
    ['a default', { schema: { properties: { x: { ...text, default: '=nope' } } } }, 'x/default'],
    ['a default of another type', { schema: { properties: { x: { type: 'integer', default: "='a'" } } } }, 'x/default'],
    [
      'data in a rule that is sent nothing',
      { rules: { delete: 'data.x == 1' }, schema: { properties: { x: { type: 'integer' } } } },
      '/rules/delete',
    ],
    ['a rule that is no boolean', { rules: { list: 'record.version' } }, '/rules/list'],
  ]
  test.each(cases)('%s is told at its place', (_name, collection, place) => {
    const issues = issuesOf({ things: collection })
    expect(issues).toHaveLength(1)
    expect(issues[0]?.startsWith(`${place}: `), issues[0]).toBe(true)
  })

  test('a field without its record is told how to be written', () => {
    const { issues } = checkDocument({
      things: { schema: { properties: { state: text } }, rules: { read: "true && state == 'a'" } },
    })
    expect(issues.map(({ offset, suggestion }) => [offset, suggestion])).toEqual([[8, 'write record.state']])
  })

  test('the offset is that of the character, behind the = of a default', () => {
    const { issues } = checkDocument(thing({ x: { ...text, default: '=auth.nope' } }))
    expect(issues[0]?.offset).toBeGreaterThan(0)
  })
})

describe('models', () => {
  test('fields in order: id, the document, times and version', () => {
    const model = modelOf({ b: text, a: text })
    expect([...model.fields.keys()]).toEqual(['id', 'b', 'a', 'createdAt', 'updatedAt', 'version'])
  })

  test('users are always there, with their own fields first', () => {
    const users = modelsOf({ users: { schema: { properties: { name: text } } } }).get('users')
    expect([...(users?.fields.keys() ?? [])]).toEqual([
      'id',
      'email',
      'roles',
      'suspended',
      'name',
      'createdAt',
      'updatedAt',
      'version',
    ])
    expect(users?.rules.create.constant).toBe(false)
    expect(users?.rules.delete.constant).toBe(false)
    expect(users?.rules.list.source).toBe('record.id == auth.id')
    expect(users?.unique.map(({ fields }) => fields)).toEqual([['email']])
  })

  test('absent rules deny, and narrower keys go before wider ones', () => {
    const { rules } = modelOf({ x: text }, { rules: { read: true, view: false, write: true, delete: false } })
    expect(Object.fromEntries(Object.entries(rules).map(([action, rule]) => [action, rule.constant]))).toEqual({
      list: true,
      view: false,
      create: true,
      update: true,
      delete: false,
    })
    expect(modelOf({ x: text }).rules.list.constant).toBe(false)
  })

  test('a reference has the type of the id that it holds, and an index', () => {
    const models = modelsOf({
      countries: { id: { type: 'string', maxLength: 2 } },
      cities: { schema: { properties: { country: { $ref: 'countries' } } } },
    })
    const country = models.get('cities')?.fields.get('country')
    expect(country?.type.pg).toBe('text collate "C"')
    expect(country?.schema).toMatchObject({ maxLength: 2, format: 'key' })
    expect(models.get('cities')?.indexes.map(({ name }) => name)).toEqual(['cities__index_country'])
  })

  test('a key that begins with the reference is index enough', () => {
    const model = modelOf({ owner: { $ref: 'users' }, n: { type: 'integer' } }, { unique: [['owner', 'n']] })
    expect(model.indexes).toEqual([])
  })

  test('literal defaults are kept in the form in which they are stored', () => {
    const model = modelOf({
      a: { type: 'string', format: 'decimal', default: 1 },
      b: { type: 'string', format: 'uuid', default: '0190A3F0-0000-7000-8000-00000000000A' },
    })
    expect(model.fields.get('a')?.default).toEqual({ literal: '1.00' })
    expect(model.fields.get('b')?.default).toEqual({ literal: '0190a3f0-0000-7000-8000-00000000000a' })
  })
})
