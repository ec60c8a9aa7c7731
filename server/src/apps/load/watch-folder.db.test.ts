import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { type LoaderDatabase, loaderTests, notesOf } from '../testing-loader.ts'

const { db, directory, remove, server, write } = loaderTests()

describe('a watched folder', () => {
  test('loads what is changed, made and removed, and nothing else', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    await write('other/app.yaml', notesOf({ a: 'x' }, 'other'))
    const { loader, events } = server()
    await loader.loadAll(directory())
    const watcher = await loader.watch(directory())
    const version = (slug: string) => loader.registry.get(slug)?.version

    await write('todo/app.yaml', notesOf({ a: 'x y' }))
    await vi.waitFor(() => expect(version('todo')).toBe(2), 10_000)

    await write('late/app.yaml', notesOf({ a: 'x' }, 'late'))
    await vi.waitFor(() => expect(version('late')).toBe(1), 10_000)

    await write('late/app.yaml', notesOf({ a: 'x', b: 'x' }, 'late'))
    await vi.waitFor(() => expect(version('late')).toBe(2), 10_000)

    await write('todo/app.yaml', 'app: todo\nnots: {}')
    await vi.waitFor(
      () =>
        expect(loader.registry.status()).toContainEqual(expect.objectContaining({ slug: 'todo', state: 'outdated' })),
      10_000,
    )
    expect(version('todo')).toBe(2)

    await remove('late')
    await vi.waitFor(() => expect(version('late')).toBeUndefined(), 10_000)
    await write('late/app.yaml', notesOf({ a: 'x', b: 'x', c: 'x' }, 'late'))
    await vi.waitFor(() => expect(version('late')).toBe(3), 10_000)

    await watcher.close()
    expect(events.filter((event) => 'app' in event && event.app === 'other').map(({ type }) => type)).toEqual([
      'app.created',
    ])
  })

  test('sees included files, in folders that are made later', async () => {
    await write('todo/app.yaml', `include: ['parts/*.yaml']\n${notesOf({ a: 'x' })}`)
    const { loader } = server()
    await loader.loadAll(directory())
    const watcher = await loader.watch(directory())
    await write('todo/parts/b.yaml', 'notes: { b: { columns: [x] } }')
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(1), 10_000)
    await write('todo/parts/b.yaml', 'notes: { b: { columns: [x, y] } }')
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(2), 10_000)
    await watcher.close()
  })

  test('sees what happens to files and folders that took the place of others', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const { loader } = server()
    await loader.loadAll(directory())
    const watcher = await loader.watch(directory())
    const at = (path: string) => join(directory(), path)

    await write('todo/app.yaml~', notesOf({ a: 'x', b: 'x' }))
    await rename(at('todo/app.yaml~'), at('todo/app.yaml'))
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(2), 10_000)
    await write('todo/app.yaml', notesOf({ a: 'x', b: 'x', c: 'x' }))
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(3), 10_000)

    await write('.next/app.yaml', notesOf({ a: 'x', b: 'x', c: 'x', d: 'x' }))
    await remove('todo')
    await rename(at('.next'), at('todo'))
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(4), 10_000)
    await write('todo/app.yaml', notesOf({ a: 'x', b: 'x', c: 'x', d: 'x', e: 'x' }))
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(5), 10_000)
    await watcher.close()
  })

  test('is looked at again after a failure', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    let isAway = false
    const flaky: LoaderDatabase = {
      query: db().query,
      transaction: db().transaction,
      async session(work) {
        if (isAway) throw new Problem('forbidden', 'the database is away')
        return db().session(work)
      },
    }
    const { loader, told } = server({ db: flaky })
    await loader.loadAll(directory())
    const watcher = await loader.watch(directory())
    isAway = true
    await write('todo/app.yaml', notesOf({ a: 'x y' }))
    await vi.waitFor(() => expect(told()).toContain('apps.scan_failed'), 10_000)
    expect(loader.registry.get('todo')?.version).toBe(1)
    isAway = false
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(2), 10_000)
    await watcher.close()
  })
})
