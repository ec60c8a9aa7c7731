import { describe, expect, test } from 'vitest'
import { checkDocument, modelsOf } from './testing.ts'

const tags = { schema: { properties: { name: { type: 'string' } } } }
const places = { id: { type: 'string', pattern: '^[a-z]+$' } }
const document = (field: object, rest: object = {}) => ({
  tags,
  places,
  posts: { schema: { properties: { list: field } }, ...rest },
})
const listOf = (field: object, rest: object = {}) => modelsOf(document(field, rest)).get('posts')?.fields.get('list')

describe('a list of references', () => {
  test('is never null, and empty where nothing says otherwise', () => {
    const field = listOf({ type: 'array', items: { $ref: 'tags' } })
    expect(field).toMatchObject({
      required: true,
      default: { literal: [] },
      list: { collection: 'tags', onDelete: 'remove', visible: true, unique: false },
    })
    expect(field?.list?.entries).toBe('"app_test"."posts__list_list"')
    expect(field?.type).toMatchObject({ pg: 'jsonb', ts: 'string[]' })
    expect(listOf({ items: { $ref: 'tags' } })?.list?.collection).toBe('tags')
  })

  test('may have to be sent, and may have other ids', () => {
    const models = modelsOf({
      tags,
      places,
      posts: { schema: { required: ['list'], properties: { list: { items: { $ref: 'places' }, minItems: 1 } } } },
    })
    const field = models.get('posts')?.fields.get('list')
    expect(field).toMatchObject({ required: true, list: { ids: { pg: 'text collate "C"' } } })
    expect(field?.default).toBeUndefined()
    expect(field?.documented).toMatchObject({ type: 'array', minItems: 1, items: { pattern: '^[a-z]+$' } })
  })

  test('says what happens to its entries, and how the way back is called', () => {
    const items = { $ref: 'users', onDelete: 'restrict', visible: true, inverse: 'posts' }
    const models = modelsOf(document({ type: 'array', items, uniqueItems: true }))
    expect(models.get('posts')?.fields.get('list')?.list).toMatchObject({
      onDelete: 'restrict',
      visible: true,
      unique: true,
      inverse: 'posts',
    })
    expect(models.get('users')?.inverses).toEqual(new Map([['posts', { collection: 'posts', field: 'list' }]]))
    expect(listOf({ items: { $ref: 'users' } })?.list?.visible).toBe(false)
  })

  test('can have a default, written out or made for the caller', () => {
    expect(listOf({ items: { $ref: 'places' }, default: ['ulm'] })?.default).toEqual({ literal: ['ulm'] })
    expect(listOf({ items: { $ref: 'users' }, default: '= [auth.id]' })?.default).toHaveProperty('expression')
  })

  const at = '/collections/posts/schema/properties/list'
  const list = (items: object, more: object = {}) => ({ type: 'array', items: { $ref: 'tags', ...items }, ...more })
  test.each([
    ['no such collection', { items: { $ref: 'tag' } }, `${at}/items/$ref`, "there is no collection 'tag'"],
    [
      'a keyword beside it',
      list({}, { contains: {} }),
      `${at}/contains`,
      "'contains' can not stand beside a list of references",
    ],
    ['a keyword beside $ref', list({ pattern: 'x' }), `${at}/items/pattern`, "'pattern' can not stand beside $ref"],
    [
      'onDelete of single references',
      list({ onDelete: 'cascade' }),
      `${at}/items/onDelete`,
      "'cascade' is for single references; an entry of a list is removed with its record",
    ],
    [
      'a range of nothing',
      list({}, { minItems: 3, maxItems: 2, default: '= []' }),
      `${at}/minItems`,
      "is more than 'maxItems', which is 2",
    ],
    [
      'an immutable one that loses entries',
      list({}, { immutable: true }),
      `${at}/immutable`,
      'an immutable list can not lose its entries',
    ],
    ['an owner', { ...list({ $ref: 'users' }), owner: true }, `${at}/owner`, 'an owner is one user'],
    [
      'what its writer may not view',
      list({ visible: false }),
      `${at}/items/visible`,
      'only references to users can be set by whoever may not view the record',
    ],
    ['another type', { ...list({}), type: 'string' }, `${at}/type`, "beside 'items' the type is array"],
    ['a default that is too short', list({}, { minItems: 1, default: [] }), `${at}/default`, /at least 1 item$/],
    [
      'one that is empty too soon',
      list({}, { minItems: 1 }),
      `${at}/minItems`,
      'a list that need not be sent is empty',
    ],
    ['a default of other ids', { items: { $ref: 'tags' }, default: ['x'] }, `${at}/default/0`, /must be a UUID/],
    [
      'a default of something else',
      { items: { $ref: 'tags' }, default: "= ['a', 'b']" },
      `${at}/default`,
      /this text is not an id/,
    ],
  ])('refuses %s', (_name, field, pointer, message) => {
    const { issues } = checkDocument(document(field))
    expect(issues).toEqual([
      expect.objectContaining({
        pointer,
        message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
      }),
    ])
  })

  test('is no part of a key, and refers to nothing in memory from what is durable', () => {
    const field = { items: { $ref: 'tags' } }
    expect(checkDocument(document(field, { unique: [['list']] })).issues).toHaveLength(1)
    const memory = { ...document(field), tags: { ...tags, storage: 'memory' } }
    expect(checkDocument(memory).issues[0]?.message).toContain('kept in memory')
    expect(checkDocument({ ...memory, posts: { ...memory.posts, storage: 'memory' } }).issues).toEqual([])
  })
})
