import { describe, expect, test } from 'vitest'
import { snapshotCollections } from './describe-table.ts'
import { checkDocument, modelsOf } from './testing.ts'

const forum = (post: object, more: object = {}) => ({
  posts: { schema: { properties: { title: { type: 'string' }, readUpTo: { type: 'string' } } } },
  comments: { schema: { properties: { post: { $ref: 'posts', ...post }, ...more } } },
})

describe('a relation back', () => {
  test('is of the collection that is referred to', () => {
    const models = modelsOf(forum({ inverse: 'comments' }, { parent: { $ref: 'comments', inverse: 'answers' } }))
    expect(models.get('posts')?.inverses).toEqual(new Map([['comments', { collection: 'comments', field: 'post' }]]))
    expect(models.get('comments')?.inverses).toEqual(
      new Map([['answers', { collection: 'comments', field: 'parent' }]]),
    )
    expect(models.get('users')?.inverses).toEqual(new Map())
  })

  test('has an index to find its records by, declared or not', () => {
    const indexed = (index: object) =>
      modelsOf({ ...forum({ inverse: 'comments' }), ...index }).get('comments')?.indexes
    expect(indexed({})?.map(({ fields }) => fields)).toEqual([[{ name: 'post', descending: false }]])
    const { posts, comments } = forum({ inverse: 'comments' })
    const declared = modelsOf({ posts, comments: { ...comments, index: [['post', '-createdAt']] } }).get('comments')
    expect(declared?.indexes).toHaveLength(1)
  })

  test('is nothing in the database, so that it comes and goes without a step', () => {
    const tables = (post: object) => snapshotCollections(modelsOf(forum(post)))
    expect(tables({ inverse: 'comments' })).toEqual(tables({}))
  })

  const at = '/collections/comments/schema/properties/post/inverse'
  test.each([
    ['a field of that name', { inverse: 'title' }, {}, at, "'posts' has a field 'title'"],
    ['a column of that name', { inverse: 'readUPTo' }, {}, at, "'posts' has a field 'readUpTo'"],
    [
      'a system field',
      { inverse: 'version' },
      {},
      at,
      "a relation can not be called 'version': every record has 'version' already",
    ],
    [
      'a reserved word',
      { inverse: 'expand' },
      {},
      at,
      "a relation can not be called 'expand': 'expand' has a meaning of its own beside the fields",
    ],
    [
      '__proto__',
      { inverse: '__proto__' },
      {},
      at,
      "a relation can not be called '__proto__': '__proto__' is a property of every JavaScript object",
    ],
    ['no name', { inverse: 'all comments' }, {}, at, "'all comments' is not a name in camelCase"],
    [
      'a hidden reference',
      { inverse: 'comments', hidden: true },
      {},
      at,
      "'post' is hidden: the list of those who refer to a record would tell what it holds",
    ],
    [
      'another relation of that name',
      { inverse: 'comments' },
      { old: { $ref: 'posts', inverse: 'comments' } },
      '/collections/comments/schema/properties/old/inverse',
      "'comments' of 'posts' is the list of 'comments' by 'post' already",
    ],
    [
      'no reference',
      {},
      { text: { type: 'string', inverse: 'x' } },
      '/collections/comments/schema/properties/text/inverse',
      "'inverse' stands beside $ref only",
    ],
    ['something else than a name', { inverse: true }, {}, at, 'must be text, not true'],
  ])('is refused: %s', (_what, post, more, pointer, message) => {
    const { issues } = checkDocument(forum(post, more))
    expect(issues).toContainEqual(expect.objectContaining({ pointer, message }))
  })

  test('says what was probably meant', () => {
    expect(checkDocument(forum({ inverse: 'all_comments' })).issues).toMatchObject([
      { suggestion: "did you mean 'allComments'?" },
    ])
  })
})
