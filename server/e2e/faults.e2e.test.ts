import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, callerAt } from './client.ts'

const apps = join(import.meta.dirname, 'apps')

/** Many clients that count one counter up and make records of their own, and remember what was acknowledged. */
function startWriters(url: string, clients: number) {
  const caller = callerAt(url, 'board', 'anonymous')
  const acknowledged = { increments: 0, ids: [] as string[] }
  const attempted = { increments: 0 }
  const strange: string[] = []
  let running = true

  async function write(client: number): Promise<void> {
    for (let number = 0; running; number++) {
      const id = `c${client}-${number}`
      attempted.increments++
      const counted = await answerOf(caller.send('PATCH', '/counters/shared', { value: { $inc: 1 } }))
      if (counted?.status === 200) acknowledged.increments++
      const made = await answerOf(caller.send('PUT', `/counters/${id}`, { value: number }))
      if (made?.status === 201) acknowledged.ids.push(id)
      for (const answer of [counted, made]) {
        if (answer !== undefined && ![200, 201, 503].includes(answer.status))
          strange.push(`${answer.status} ${answer.text}`)
      }
    }
  }

  const all = Promise.all(Array.from({ length: clients }, (_, client) => write(client)))
  return {
    acknowledged,
    attempted,
    strange,
    async stop() {
      running = false
      await all
    },
  }
}

/** Undefined where the connection broke: then nobody was told anything. */
async function answerOf(sent: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await sent
  } catch {
    return undefined
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('what was acknowledged is there, whatever dies', () => {
  let data: string
  let server: TestServer

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'roadbase-faults-'))
    // PostgreSQL runs as another user when this one is root, and has to pass through.
    await chmod(data, 0o755)
    server = await startServer({ apps, data })
    await callerAt(server.url, 'board', 'anonymous').send('PUT', '/counters/shared', { value: 0 })
  })
  afterEach(async () => {
    await server.stop()
    await rm(data, { recursive: true, force: true })
  })

  async function audit(writers: ReturnType<typeof startWriters>): Promise<void> {
    const { acknowledged, attempted } = writers
    const caller = callerAt(server.url, 'board', 'anonymous')
    const shared = await caller.send('GET', '/counters/shared')
    expect(shared.json.value).toBeGreaterThanOrEqual(acknowledged.increments)
    expect(shared.json.value).toBeLessThanOrEqual(attempted.increments)
    const there = new Set<string>()
    let cursor = ''
    do {
      const page = await caller.send('GET', `/counters?limit=500&fields=id${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.status, page.text).toBe(200)
      for (const { id } of page.json.items) there.add(id)
      cursor = page.json.nextCursor ?? ''
    } while (cursor !== '')
    expect(acknowledged.ids.filter((id) => !there.has(id))).toEqual([])
  }

  test('kill -9 of PostgreSQL: writers get 503 or an answer, never anything else, and go on afterwards', async () => {
    const writers = startWriters(server.url, 8)
    await until('many writes are acknowledged', () => writers.acknowledged.ids.length > 100)
    const killed = await server.postgresPid()
    process.kill(killed, 'SIGKILL')
    // Its children go on for as long as they have work: what they answer tells nothing.
    await until('another PostgreSQL runs', async () => (await server.postgresPid().catch(() => killed)) !== killed)
    const before = writers.acknowledged.ids.length
    await until('writes succeed again', () => writers.acknowledged.ids.length > before + 100)
    await writers.stop()
    expect(writers.strange).toEqual([])
    await audit(writers)
  })

  test('kill -9 of the server: the next one finds its PostgreSQL, and every acknowledged write', async () => {
    const writers = startWriters(server.url, 8)
    await until('many writes are acknowledged', () => writers.acknowledged.ids.length > 100)
    await server.kill()
    await writers.stop()
    server = await startServer({ apps, data })
    await audit(writers)
  })

  test('SIGTERM under load: whatever was accepted is answered, and the exit code is 0', async () => {
    const writers = startWriters(server.url, 8)
    await until('many writes are acknowledged', () => writers.acknowledged.ids.length > 100)
    const code = await server.stop()
    await writers.stop()
    expect(code).toBe(0)
    expect(writers.strange).toEqual([])
    server = await startServer({ apps, data })
    await audit(writers)
  })
})
