import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type LoaderDatabase, loaderTests, notesOf } from '../testing-loader.ts'

const { columns, db, directory, remove, server, write } = loaderTests()

describe('a folder of apps', () => {
  test('is loaded as a whole; one bad app stops none of the others', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    await write('bad/app.yaml', 'app: bad\nnotes: [')
    await write('worse/app.yaml', 'app: other')
    await write('empty/readme.md', '')
    await write('.hidden/readme.md', '')
    await write('readme.md', 'x')
    const { loader } = server()
    await loader.loadAll(directory())
    expect(loader.registry.list().map(({ slug }) => slug)).toEqual(['todo'])
    expect(loader.registry.status().map(({ slug, state }) => `${slug} ${state}`)).toEqual([
      'bad failed',
      'empty failed',
      'todo live',
      'worse failed',
    ])
  })

  test('may have links to apps that live elsewhere, which are watched as well', async () => {
    await write('.elsewhere/todo/app.yaml', notesOf({ a: 'x' }))
    await symlink('.elsewhere/todo', join(directory(), 'todo'))
    await symlink('nowhere', join(directory(), 'broken'))
    const { loader } = server()
    await loader.loadAll(directory())
    const watcher = await loader.watch(directory())
    expect(loader.registry.status()).toMatchObject([{ slug: 'todo', state: 'live' }])
    await write('.elsewhere/todo/app.yaml', notesOf({ a: 'x', b: 'x' }))
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(2), 10_000)
    await watcher.close()
  })

  test('that can not be read is an error of its own', async () => {
    await expect(server().loader.loadAll(join(directory(), 'nowhere'))).rejects.toThrow(
      'The folder of the apps can not be read',
    )
  })

  test('without an app that was there: not served, its data stay', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const { loader, told } = server()
    await loader.loadAll(directory())
    await remove('todo')
    await loader.loadAll(directory())
    expect(loader.registry.get('todo')).toBeUndefined()
    expect(loader.registry.status()).toMatchObject([{ slug: 'todo', state: 'removed', version: undefined }])
    expect(told()).toEqual(['app.created', 'app.removed'])
    expect(await columns('a')).toEqual(['x'])

    const later = server()
    await later.loader.loadAll(directory())
    expect(later.told()).toEqual(['app.removed'])
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    await later.loader.loadAll(directory())
    expect(later.loader.registry.get('todo')?.version).toBe(1)
  })

  test('with sixty apps that have not changed costs one statement', async () => {
    for (let index = 0; index < 60; index++) {
      await write(`app${index}/app.yaml`, notesOf({ a: 'x' }, `app${index}`))
    }
    await server().loader.loadAll(directory())

    const statements: string[] = []
    const counting: LoaderDatabase = {
      query(text, ...rest) {
        statements.push(text)
        return db().query(text, ...rest)
      },
      transaction: () => Promise.reject(new Error('nothing is to be applied')),
      session: () => Promise.reject(new Error('nothing is to be applied')),
    }
    const { loader } = server({ db: counting })
    await loader.loadAll(directory())
    expect(loader.registry.list()).toHaveLength(60)
    expect(statements).toHaveLength(1)
  })
})
