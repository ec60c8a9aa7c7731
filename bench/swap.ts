import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cleanup, temporaryFolder } from './cleanup.ts'
import { type SteadyResult, startSteadyLoad } from './load/steady.ts'
import { wideDocument, writeApp } from './many-apps.ts'
import { type Server, startRoadbase } from './servers.ts'

const COLLECTIONS = 50
const SWAPS = 10
/** What the machine answers with ease: a server that is saturated is late for everybody, whatever else it does. */
const RATE = 1000
const CONNECTIONS = 64

/** An app of 50 collections gets ten new versions during reads and writes; beside the same load without them. */
export async function measureSwap(pauseSeconds: number, cleanup: Cleanup) {
  const folder = temporaryFolder('swap', cleanup)
  const apps = join(folder, 'apps')
  try {
    writeApp(apps, 'wide', wideDocument(COLLECTIONS, 0))
    const roadbase = await startRoadbase({ data: join(folder, 'data'), apps, development: true })
    cleanup.add(() => roadbase.stop())
    const key = readFileSync(join(folder, 'data/secrets/admin.key'), 'utf8').trim()
    const next = await prepareRequests(roadbase.url)
    const load = {
      url: roadbase.url,
      rate: RATE,
      connections: CONNECTIONS,
      next,
      isFine: (status: number) => status < 300,
    }

    await during(load, () => sleep(1500))
    const calm = await during(load, () => sleep(SWAPS * pauseSeconds * 1000))
    const swaps: number[] = []
    const swapping = await during(load, async () => {
      for (let version = 1; version <= SWAPS; version++) {
        swaps.push(await swap(roadbase, apps, key, version))
        await sleep(pauseSeconds * 1000)
      }
    })
    return rowsOf(calm, swapping, swaps)
  } finally {
    await cleanup.run()
  }
}

function rowsOf(calm: SteadyResult, swapping: SteadyResult, swaps: readonly number[]) {
  const { p50, p99, longest, requests } = swapping
  return [
    {
      name: 'swap under load: p99',
      value: `${p99.toFixed(1)} ms (x ${(p99 / calm.p99).toFixed(2)} of ${calm.p99.toFixed(1)})`,
      goal: '<= x 2',
    },
    {
      name: 'swap under load: p50, longest',
      value: `${p50.toFixed(1)} ms, ${longest.toFixed(0)} ms (calm ${calm.p50.toFixed(1)}, ${calm.longest.toFixed(0)})`,
      goal: '',
    },
    {
      name: 'swap under load: failed',
      value: `${swapping.failed + calm.failed} of ${requests + calm.requests}`,
      goal: '0',
    },
    {
      name: 'swap under load: a swap takes',
      value: `${(swaps.reduce((sum, time) => sum + time, 0) / swaps.length).toFixed(0)} ms`,
      goal: '',
    },
  ]
}

async function during(
  load: Parameters<typeof startSteadyLoad>[0],
  work: () => Promise<unknown>,
): Promise<SteadyResult> {
  const running = startSteadyLoad(load)
  await work()
  return running.stop()
}

/** Gives the milliseconds until the new version is served. */
async function swap(roadbase: Server, apps: string, key: string, version: number): Promise<number> {
  const begin = performance.now()
  writeApp(apps, 'wide', wideDocument(COLLECTIONS, version))
  for (;;) {
    const response = await fetch(`${roadbase.url}/admin/api/apps`, { headers: { authorization: `Bearer ${key}` } })
    const { items } = (await response.json()) as { items: { state: string; version: number }[] }
    if (items[0]?.version === version + 1 && items[0].state === 'live') return performance.now() - begin
    if (performance.now() - begin > 30_000) throw new Error(`The swap did not come: ${JSON.stringify(items)}`)
    await sleep(50)
  }
}

/** Of ten requests seven read a record, two list, and one writes. */
async function prepareRequests(url: string): Promise<() => string> {
  const token = await signUp(url)
  const ids: string[] = []
  for (let number = 0; number < 100; number++) {
    const { status, body } = await post(url, '/api/wide/things0', { name: `thing ${number}`, count: number }, token)
    if (status !== 201) throw new Error(`Creating failed: ${JSON.stringify(body)}`)
    ids.push(String(body['id']))
  }
  const common = `host: bench\r\nauthorization: Bearer ${token}\r\n`
  const written = JSON.stringify({ name: 'written under load', count: 7 })
  let number = 0
  return () => {
    number++
    const path = '/api/wide/things0'
    if (number % 10 === 0) {
      return `POST ${path} HTTP/1.1\r\n${common}content-type: application/json\r\ncontent-length: ${written.length}\r\n\r\n${written}`
    }
    if (number % 5 === 1) return `GET ${path}?sort=-createdAt&limit=20 HTTP/1.1\r\n${common}\r\n`
    return `GET ${path}/${ids[number % ids.length]} HTTP/1.1\r\n${common}\r\n`
  }
}

async function signUp(url: string): Promise<string> {
  const account = { email: 'bench@example.com', password: 'correct horse battery staple' }
  const { status, body } = await post(url, '/api/wide/auth/signup', account)
  if (status !== 201 && status !== 200) throw new Error(`Sign-up failed: ${JSON.stringify(body)}`)
  return String(body['accessToken'])
}

async function post(url: string, path: string, body: object, token?: string) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
