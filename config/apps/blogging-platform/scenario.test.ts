import { filter } from 'roadbase'
import { expect, type Person, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { BloggingPlatform } from './types.ts'

scenario<BloggingPlatform>('blogging-platform', ({ app, test }) => {
  let author: Person<BloggingPlatform>
  let editor: Person<BloggingPlatform>
  let admin: Person<BloggingPlatform>
  let reader: Person<BloggingPlatform>
  let at: Record<'technology' | 'travel' | 'history' | 'engines' | 'engine' | 'draft' | 'praise' | 'spam', string>

  beforeEach(async () => {
    const { technology, travel, history, engines, engine, draft, praise, spam } = await app.seeded('default')
    at = Object.fromEntries(
      Object.entries({ technology, travel, history, engines, engine, draft, praise, spam }).map(([name, { id }]) => [
        name,
        id,
      ]),
    ) as typeof at
    const logIn = (name: string) =>
      app.logIn({ email: `${name}@example.org`, password: 'correct horse battery staple' })
    ;[author, editor, admin, reader] = [
      await logIn('author'),
      await logIn('editor'),
      await logIn('admin'),
      await logIn('reader'),
    ]
  })

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('blogging-platform')).toMatchFileSnapshot('./types.ts')
  })

  describe('readers', () => {
    const posts = () => app.anonymous().collection('posts')

    test('see what is published, newest first, with its author, category and tags', async () => {
      const { items } = await posts().list({
        sort: '-publishedAt',
        expand: { author: {}, category: {}, tags: {}, comments: { sort: 'createdAt' } },
      })
      expect(
        items.map(({ title, expand }) => [
          title,
          expand?.author?.name,
          expand?.category?.name,
          expand?.tags?.map(({ name }) => name),
          expand?.comments?.map(({ text }) => text),
        ]),
      ).toEqual([
        ['Night trains', 'Ada', 'Travel', ['trains'], []],
        ['The analytical engine', 'Ada', 'Technology', ['history', 'engines'], ['When can I buy one?']],
      ])
      expect(items[0]?.expand?.author).not.toHaveProperty('email')
      expect(items[0]?.expand?.author).not.toHaveProperty('roles')
    })

    test('find posts by words, in title, summary and content: those in the title first', async () => {
      const found = async (search: string) => (await posts().search(search)).items.map(({ title }) => title)
      expect(await found('engine')).toEqual(['The analytical engine', 'Night trains'])
      expect(await found('waking sea')).toEqual(['Night trains'])
      expect(await found('looms')).toEqual([])
      const { items } = await posts().search('mill', { highlight: true })
      expect(JSON.stringify(items[0])).toContain('<mark>mill</mark>')
    })

    test('or by a term that is anywhere in them, the category included', async () => {
      const term = 'Trav'
      const { items } = await posts().list({
        filter: filter`title.contains(${term}) || content.contains(${term}) || category.name.contains(${term})`,
      })
      expect(items.map(({ title }) => title)).toEqual(['Night trains'])
    })

    test('by category and by tag, from either side', async () => {
      const byTag = await posts().list({ filter: filter`tags.exists(t, t.name == ${'history'})` })
      expect(byTag.items.map(({ title }) => title)).toEqual(['The analytical engine'])
      const tag = await app
        .anonymous()
        .collection('tags')
        .get(at.engines, { expand: { posts: {} } })
      // The draft has the tag, too.
      expect(tag.expand?.posts?.map(({ title }) => title)).toEqual(['The analytical engine'])
      const counts = await posts().aggregate({ select: { posts: 'count' }, groupBy: ['category'] })
      expect(counts.map(({ posts: count }) => count)).toEqual([1, 1])
    })

    test('walk through many page by page, each once', async () => {
      const made = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          author
            .collection('posts')
            .create({ slug: `post-${index}`, title: `Post ${index}`, content: 'text', category: at.travel }),
        ),
      )
      await Promise.all(made.map(({ id }) => editor.collection('posts').transition(id, 'publish')))
      const seen: string[] = []
      for await (const { items } of posts().pages({ sort: '-publishedAt', limit: 25 }))
        seen.push(...items.map(({ id }) => id))
      expect([seen.length, new Set(seen).size]).toEqual([62, 62])
    })
  })

  describe('a post', () => {
    test('is drafted, handed in and published; its draft exists for its author and editors alone', async () => {
      const posts = author.collection('posts')
      const { id } = await posts.create({
        slug: 'looms',
        title: 'Looms',
        content: 'They weave.',
        category: at.technology,
        tags: [at.engines],
      })
      await expect(reader.collection('posts').get(id)).toBeRefused('not_found')
      await expect(posts.transition(id, 'publish')).toBeRefused('forbidden')
      await posts.transition(id, 'handIn')
      await expect(posts.update(id, { title: 'Too late' })).toBeRefused('forbidden')
      expect(await editor.collection('posts').transition(id, 'publish')).toMatchObject({
        state: 'published',
        publishedAt: expect.any(String),
      })
      expect(await reader.collection('posts').get(id)).toMatchObject({ title: 'Looms', author: author.user.id })
      await posts.transition(id, 'sendBack')
      await expect(reader.collection('posts').get(id)).toBeRefused('not_found')
    })

    test('is published under an address that no other post has', async () => {
      const posts = author.collection('posts')
      await posts.transition(at.draft, 'handIn')
      const publish = () => editor.collection('posts').transition(at.draft, 'publish')
      await expect(publish()).toBeRefused('no_address')
      await expect(editor.collection('posts').update(at.draft, { slug: 'night-trains' })).toBeRefused(
        'unique_violation',
      )
      await editor.collection('posts').update(at.draft, { slug: 'looms' })
      expect(await publish()).toMatchObject({ slug: 'looms', minutes: 1 })
      const { items } = await reader.collection('posts').list({ filter: filter`slug == ${'looms'}` })
      expect(items.map(({ id }) => id)).toEqual([at.draft])
      await expect(editor.collection('posts').update(at.draft, { slug: null })).toBeRefused('check_violation')
    })

    test('keeps its versions, for its author and the editors', async () => {
      const posts = author.collection('posts')
      await posts.update(at.draft, { title: 'Looms' })
      await posts.update(at.draft, { title: 'Looms and what they weave' })
      const { items } = await editor.collection('posts').history(at.draft)
      expect(items.map(({ record, by }) => [record.title, by])).toEqual([
        ['Looms and what they weave', author.user.id],
        ['Looms', author.user.id],
        ['Not finished', null],
      ])
      expect(await posts.revert(at.draft, items[1]?.version ?? 0)).toMatchObject({ title: 'Looms' })
      await expect(reader.collection('posts').history(at.engine)).toBeRefused('not_found')
    })

    test('is written by authors, under their own name', async () => {
      const post = { title: 'Mine', content: 'text', category: at.travel }
      await expect(reader.collection('posts').create(post)).toBeRefused('forbidden')
      await expect(author.collection('posts').create({ ...post, author: editor.user.id } as never)).toBeRefused(
        'unknown_field',
      )
      const { id } = await author.collection('posts').create(post)
      const other = await app.withRole('author', { name: 'Another' })
      await expect(other.collection('posts').update(id, { title: 'Theirs' })).toBeRefused('not_found')
      await expect(author.collection('posts').create({ ...post, slug: 'night-trains' })).toBeRefused('unique_violation')
    })

    test('has tags in order, that many may add at once', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `tag-${index}`)
      const tags = await Promise.all(names.map((name) => author.collection('tags').create({ name })))
      const posts = author.collection('posts')
      await posts.update(at.draft, { tags: [at.history] })
      await Promise.all(tags.map(({ id }) => posts.update(at.draft, { tags: { $addUnique: id } })))
      const { tags: stored } = await posts.get(at.draft)
      expect(stored?.[0]).toBe(at.history)
      expect([...(stored ?? [])].sort()).toEqual([at.history, ...tags.map(({ id }) => id)].sort())
      await expect(
        posts.update(at.draft, { tags: [at.history, '0190aaaa-0000-7000-8000-000000000000'] }),
      ).rejects.toMatchObject({ errors: [{ pointer: '/tags/1' }] })
    })
  })

  describe('a comment', () => {
    test('waits until an editor has looked at it', async () => {
      const { id } = await reader.collection('comments').create({ post: at.engine, text: 'And how fast is it?' })
      const seen = async () =>
        (
          await app
            .anonymous()
            .collection('comments')
            .list({ filter: filter`post == ${at.engine}` })
        ).items.length
      expect(await seen()).toBe(1)
      await expect(reader.collection('comments').transition(id, 'approve')).toBeRefused('forbidden')
      const { items: queue } = await editor
        .collection('comments')
        .list({ filter: filter`state == ${'waiting'}`, sort: 'createdAt', expand: { post: {} } })
      expect(queue.map(({ id: waiting }) => waiting)).toEqual([at.spam, id])
      await editor.collection('comments').transition(id, 'approve')
      await editor.collection('comments').transition(at.spam, 'refuse')
      expect(await seen()).toBe(2)
    })

    test('is for published posts, by people who are signed in', async () => {
      await expect(app.anonymous().collection('comments').create({ post: at.engine, text: 'Hi' })).toBeRefused(
        'forbidden',
      )
      await expect(reader.collection('comments').create({ post: at.draft, text: 'Hi' })).toBeRefused(
        'reference_not_found',
      )
      await expect(
        reader.collection('comments').create({ post: at.engine, text: 'Hi', state: 'approved' } as never),
      ).rejects.toMatchObject({ errors: [{ pointer: '/state' }] })
    })

    test('goes with its post, and comes back with it', async () => {
      const comments = async () =>
        (await editor.collection('comments').list({ sort: 'createdAt' })).items.map(({ id }) => id)
      await editor.collection('posts').delete(at.engine)
      await expect(reader.collection('posts').get(at.engine)).toBeRefused('not_found')
      expect(await comments()).toEqual([])
      await expect(reader.collection('posts').restore(at.engine)).toBeRefused('not_found')
      await editor.collection('posts').restore(at.engine)
      expect((await comments()).sort()).toEqual([at.praise, at.spam].sort())
      expect(await reader.collection('posts').get(at.engine)).toMatchObject({ slug: 'the-analytical-engine' })
    })

    test('counts once it is approved', async () => {
      const talk = app.anonymous().collection('talk')
      const top = async () =>
        (await talk.list({ sort: ['-comments', '-lastAt'], expand: ['post'] })).items.map((one) => [
          one.expand?.post?.title,
          one.comments,
        ])
      expect(await top()).toEqual([
        ['The analytical engine', 1],
        ['Night trains', 0],
      ])
      await editor.collection('comments').transition(at.spam, 'approve')
      expect((await top())[0]).toEqual(['The analytical engine', 2])
    })
  })

  test('tags tell how much there is to read about them, not counting drafts', async () => {
    const { items } = await app
      .anonymous()
      .collection('topics')
      .list({ sort: ['-posts', 'name'] })
    expect(items.map(({ name, posts }) => [name, posts])).toEqual([
      ['engines', 1],
      ['history', 1],
      ['trains', 1],
    ])
    await editor.collection('posts').update(at.draft, { slug: 'looms' })
    await editor.collection('posts').transition(at.draft, 'publish')
    expect(
      (
        await app
          .anonymous()
          .collection('topics')
          .list({ sort: ['-posts', 'name'] })
      ).items[0],
    ).toMatchObject({
      name: 'engines',
      posts: 2,
    })
  })

  test('the archive: what was published in each month', async () => {
    const months = await app
      .anonymous()
      .collection('posts')
      .aggregate({
        select: { posts: 'count' },
        groupBy: { month: "month(publishedAt, 'UTC')" },
        sort: '-month',
      })
    expect(months.reduce((sum, { posts }) => sum + posts, 0)).toBe(2)
  })

  test('categories are kept by admins, and one that is used stays', async () => {
    await expect(editor.collection('categories').create({ name: 'Food' })).toBeRefused('forbidden')
    await admin.collection('categories').create({ name: 'Food' })
    await expect(admin.collection('categories').delete(at.travel)).rejects.toMatchObject({ status: 409 })
  })
})
