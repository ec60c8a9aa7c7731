import { expect, test } from 'vitest'
import type { LiveApp } from '../section.ts'
import { collectEvents } from '../testing.ts'
import { createRegistry } from './registry.ts'
import type { RunningApp } from './run-app.ts'

function setup() {
  const { events, report } = collectEvents()
  const waiting: (() => void)[] = []
  const registry = createRegistry({
    report,
    now: () => new Date(0),
    afterRequests: () => new Promise((resolve) => waiting.push(resolve)),
  })
  /** All requests that had begun before are over. */
  const endRequests = async () => {
    for (const resolve of waiting.splice(0)) resolve()
    await new Promise(setImmediate)
  }
  return { registry, events, endRequests }
}

function running(slug: string, version: number, retire = async () => {}): RunningApp & { retired: number } {
  const self = {
    app: { slug, version, title: slug } as LiveApp,
    digest: `${slug}${version}`,
    retired: 0,
    again: async () => running(slug, version, retire),
    retire: async () => {
      self.retired++
      await retire()
    },
  }
  return self
}

test('a version is replaced at once, and put away when no request can hold it any more', async () => {
  const { registry, endRequests } = setup()
  const [first, second] = [running('todo', 1), running('todo', 2)]
  registry.swap(first)
  const held = registry.get('todo')
  registry.swap(second)
  expect(registry.get('todo')?.version).toBe(2)
  expect(held?.version).toBe(1)
  await new Promise(setImmediate)
  expect(first.retired).toBe(0)
  await endRequests()
  expect([first.retired, second.retired]).toEqual([1, 0])
})

test('an app that is removed is put away in the same way', async () => {
  const { registry, endRequests } = setup()
  const only = running('todo', 1)
  registry.swap(only)
  registry.remove('todo')
  registry.remove('todo')
  expect(registry.get('todo')).toBeUndefined()
  expect(registry.list()).toEqual([])
  await endRequests()
  expect(only.retired).toBe(1)
})

test('closing puts everything away, once, also what still waits for requests', async () => {
  const { registry, endRequests } = setup()
  const [first, second] = [running('todo', 1), running('todo', 2)]
  registry.swap(first)
  registry.swap(second)
  await registry.close()
  await endRequests()
  expect([first.retired, second.retired]).toEqual([1, 1])
  expect(registry.get('todo')).toBeUndefined()
})

test('a version that can not be put away is told, and disturbs nothing', async () => {
  const { registry, events, endRequests } = setup()
  const error = new Error('stuck')
  registry.swap(running('todo', 1, () => Promise.reject(error)))
  registry.swap(running('todo', 2))
  await endRequests()
  expect(events).toEqual([{ type: 'app.retire_failed', app: 'todo', version: 1, error }])
  expect(registry.get('todo')?.version).toBe(2)
})

test('the status tells what is served and why the rest is not', () => {
  const { registry } = setup()
  const issues = [{ file: 'app.yaml', line: 1, column: 1, message: 'wrong' }]
  registry.note('todo', 'found')
  registry.swap(running('todo', 1))
  registry.note('todo', 'applied')
  registry.note('chat', 'found')
  registry.note('chat', 'rejected', issues)
  const since = new Date(0)
  expect(registry.status()).toEqual([
    { slug: 'chat', state: 'failed', version: undefined, title: undefined, issues, since },
    { slug: 'todo', state: 'live', version: 1, title: 'todo', issues: [], since },
  ])
})
