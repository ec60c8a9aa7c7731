import { describe, expect, test } from 'vitest'
import { checkDocument, modelsOf } from './testing.ts'

const post = (rest: object) => ({ posts: { schema: { properties: { title: { type: 'string' } } }, ...rest } })

describe('softDelete', () => {
  test('keeps what is deleted for thirty days; who may view and delete sees it, who may delete brings it back', () => {
    const rules = { read: 'record.title != null', delete: 'auth.id != null' }
    const soft = modelsOf(post({ softDelete: true, rules })).get('posts')?.softDelete
    expect(soft).toMatchObject({
      purgeAfter: '30 days',
      trash: { source: '(record.title != null) && (auth.id != null)' },
      restore: { source: 'auth.id != null' },
    })
  })

  test.each<[object, string, string]>([
    [{ read: true, delete: 'auth.id != null' }, 'auth.id != null', 'auth.id != null'],
    [{ read: true, write: true }, 'true', 'true'],
    [{ write: true }, 'false', 'true'],
    [{ read: true }, 'false', 'false'],
  ])('of the rules %j makes %s and %s', (rules, trash, restore) => {
    const soft = modelsOf(post({ softDelete: true, rules })).get('posts')?.softDelete
    expect([soft?.trash.source, soft?.restore.source]).toEqual([trash, restore])
  })

  test('has rules of its own, over the record as it lies in the trash', () => {
    const softDelete = { purgeAfter: '12h', trash: 'record.deletedBy == auth.id', restore: 'record.deletedAt < now' }
    const soft = modelsOf(post({ softDelete })).get('posts')?.softDelete
    expect(soft?.purgeAfter).toBe('12 hours')
    expect(soft?.trash.source).toBe('record.deletedBy == auth.id')
  })

  test('absent or false, there is none', () => {
    expect(modelsOf(post({})).get('posts')?.softDelete).toBeUndefined()
    expect(modelsOf(post({ softDelete: false })).get('posts')?.softDelete).toBeUndefined()
  })

  test.each<[string, object, string, RegExp, RegExp?]>([
    [
      'users',
      { users: { softDelete: true } },
      '/collections/users/softDelete',
      /deleted with their account/,
      /suspend/,
    ],
    [
      'appendOnly beside it',
      { posts: { softDelete: true, appendOnly: true } },
      '/collections/posts/softDelete',
      /never come to a trash/,
    ],
    [
      'a bad time',
      post({ softDelete: { purgeAfter: 'a month' } }),
      '/collections/posts/softDelete/purgeAfter',
      /such as '30d'/,
    ],
    ['an unknown key', post({ softDelete: { purge: '3d' } }), '/collections/posts/softDelete/purge', /purge/],
    [
      'a field of the trash',
      { posts: { softDelete: true, schema: { properties: { deletedAt: { type: 'string' } } } } },
      '/collections/posts/schema/properties/deletedAt',
      /what the trash says/,
    ],
    [
      'a rule over what is not there',
      post({ softDelete: { trash: 'record.deletedFrom == null' } }),
      '/collections/posts/softDelete/trash',
      /deletedFrom/,
    ],
    [
      'deletedAt in a rule of the living',
      post({ softDelete: true, rules: { read: 'record.deletedAt == null' } }),
      '/collections/posts/rules/read',
      /deletedAt/,
    ],
    [
      'a cascade that would lose records',
      {
        ...post({ softDelete: true }),
        likes: { schema: { properties: { post: { $ref: 'posts', onDelete: 'cascade' } } } },
      },
      '/collections/likes/schema/properties/post/onDelete',
      /gone for good/,
      /give 'likes' softDelete, too/,
    ],
  ])('%s is refused', (_, collections, pointer, message, suggestion = /.*/) => {
    const [issue, ...more] = checkDocument(collections).issues
    expect(more).toEqual([])
    expect(issue?.pointer).toBe(pointer)
    expect(issue?.message).toMatch(message)
    expect(issue?.suggestion ?? '').toMatch(suggestion)
  })
})
