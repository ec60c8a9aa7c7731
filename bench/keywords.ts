import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbedded } from '../server/src/db/embedded/start-embedded.ts'
import { silentLog } from '../server/src/db/log.ts'
import { type Cleanup, temporaryFolder } from './cleanup.ts'
import { connect } from './connect.ts'
import { median } from './measure.ts'
import { childrenCpuSeconds, cpuSeconds, startRoadbase } from './servers.ts'

/** The same collection, without and with a keyword. */
const DOCUMENT = `app: keywords
title: What keywords cost
collections:
  makers:
    schema: { required: [name], properties: { name: { type: string } } }
    rules: { read: true }
${collection('plain')}
${collection(
  'computed',
  `
        isLate: { type: boolean, computed: record.dueAt != null && record.dueAt < now }
        makerName: { type: string, computed: record.maker.name }`,
)}
${collection('expiring', '', 'expires: dueAt')}
`

function collection(name: string, fields = '', keyword = ''): string {
  return `  ${name}:
    ${keyword}
    schema:
      properties:
        title: { type: string }
        dueAt: { type: string, format: date-time }
        maker: { $ref: makers }${fields}
    index: [[dueAt]]
    rules: { read: true, create: true }`
}

const RECORDS = 20_000
const REQUESTS = 4_000
const CONNECTIONS = 32

type Ask = (url: string, collection: string, n: number) => Promise<Response>

/**
 * What fields that are computed when they are read, and records that expire, add to a request: processor time of the server and of PostgreSQL,
 * beside the same requests to a collection without, by turns.
 */
export async function measureKeywords(rounds: number, cleanup: Cleanup) {
  const folder = temporaryFolder('keywords', cleanup)
  mkdirSync(join(folder, 'apps/keywords'), { recursive: true })
  writeFileSync(join(folder, 'apps/keywords/app.yaml'), DOCUMENT)
  try {
    const postgresql = await startEmbedded({ dataDir: join(folder, 'postgres'), log: silentLog })
    cleanup.add(() => postgresql.stop())
    const server = await startRoadbase({
      data: join(folder, 'data'),
      apps: join(folder, 'apps'),
      databaseUrl: postgresql.url,
    })
    cleanup.add(() => server.stop())
    const sql = connect(postgresql.superuserUrl, { max: 1, onnotice: () => {} })
    cleanup.add(() => sql.end())
    await sql`insert into app_keywords.makers (name) select 'maker ' || n from generate_series(1, 100) n`
    for (const table of ['plain', 'computed', 'expiring__all']) {
      await sql`insert into app_keywords.${sql(table)} (title, due_at, maker)
        select 'record ' || n, now() + n * interval '1 hour', m.id from generate_series(1, ${RECORDS}::int) n
        join (select id, row_number() over (order by id) k from app_keywords.makers) m on m.k = n % 100 + 1`
    }
    await sql`vacuum analyze`
    const ids = new Map<string, string[]>()
    for (const name of ['plain', 'computed', 'expiring']) {
      const found = await sql<{ id: string }[]>`select id::text from app_keywords.${sql(name)} limit 2000`
      ids.set(
        name,
        found.map(({ id }) => id),
      )
    }
    const asks: Readonly<Record<string, Ask>> = {
      read: (url, name, n) => fetch(`${url}/${ids.get(name)?.[n % 2000]}`),
      'list of 20': (url, _, n) => fetch(`${url}?sort=dueAt&limit=${15 + (n % 10)}`),
      create: (url, _, n) => {
        const dueAt = new Date(Date.now() + 86_400_000 + n).toISOString()
        const body = JSON.stringify({ title: `record ${n}`, dueAt })
        return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      },
    }
    const rows: { name: string; value: string; goal: string }[] = []
    for (const [keyword, collection] of Object.entries({ 'computed when read': 'computed', expires: 'expiring' })) {
      for (const [name, ask] of Object.entries(asks)) {
        const costs: { with: Cost; without: Cost }[] = []
        // The first round fills caches and is not counted.
        for (let round = 0; round <= rounds; round++) {
          costs.push({ without: await cost(ask, 'plain'), with: await cost(ask, collection) })
        }
        const of = (which: 'with' | 'without', where: keyof Cost) =>
          median(costs.slice(1).map((pair) => pair[which][where]))
        const both = (which: 'with' | 'without') =>
          `${of(which, 'server').toFixed(0)} + ${of(which, 'postgres').toFixed(0)} µs`
        rows.push({ name: `${keyword}: ${name}`, value: `${both('with')}, without ${both('without')}`, goal: '' })
      }
    }
    return rows

    /** Microseconds of one. */
    async function cost(ask: Ask, collection: string): Promise<Cost> {
      const before = { server: cpuSeconds(server.process.pid), postgres: childrenCpuSeconds(postgresql.pid) }
      let next = 0
      const client = async () => {
        while (next < REQUESTS) {
          const response = await ask(`${server.url}/api/keywords/${collection}`, collection, next++)
          if (!response.ok) throw new Error(`${collection}: ${response.status} ${await response.text()}`)
          await response.arrayBuffer()
        }
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, client))
      const micros = (seconds: number) => (seconds / REQUESTS) * 1e6
      return {
        server: micros(cpuSeconds(server.process.pid) - before.server),
        postgres: micros(childrenCpuSeconds(postgresql.pid) - before.postgres),
      }
    }
  } finally {
    await cleanup.run()
  }
}

interface Cost {
  readonly server: number
  readonly postgres: number
}
