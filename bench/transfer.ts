import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cleanup } from './cleanup.ts'
import { median } from './measure.ts'
import { childrenCpuSeconds, cpuSeconds, residentMiB } from './servers.ts'
import { openWorld, type World } from './world.ts'

/** Seconds of one round; of the processor where it is not said otherwise. */
interface Times {
  /** By the clock. */
  readonly ours: number
  /** By the clock, of `copy`. */
  readonly bare: number
  readonly cpu: number
  readonly postgres: number
  readonly barePostgres: number
}

/** Imports and exports of messages by an administrator, beside `copy` of PostgreSQL into and out of the same table, by turns. */
export async function measureTransfer(size: number, rounds: number, cleanup: Cleanup) {
  const rows: { name: string; value: string; goal: string }[] = []
  const world = await openWorld(size, cleanup)
  try {
    const headers = {
      authorization: `Bearer ${readFileSync(join(world.folder, 'data/secrets/admin.key'), 'utf8').trim()}`,
    }
    const messages = await world.sql<
      { owner: string; room: string; data: string }[]
    >`select owner::text, room::text, data from app_chat.messages`
    const lines = Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
    const csv = Buffer.from(
      `owner,room,data\n${messages.map(({ owner, room, data }) => `${owner},${room},${data}\n`).join('')}`,
    )
    const file = join(world.folder, 'messages.csv')
    writeFileSync(file, csv)
    const copyIn = () =>
      world.sql.unsafe(`copy app_chat.messages (owner, room, data) from '${file}' with (format csv, header)`)
    const copyOut = () => world.sql.unsafe(`copy app_chat.messages to '/dev/null'`)
    const path = `${world.roadbase.url}/api/chat/messages`
    const send = async (type: string, body: Buffer) => {
      const answer = await fetch(`${path}/-import`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      })
      const last = (await answer.text()).trim().split('\n').at(-1) ?? ''
      if ((JSON.parse(last) as { created?: number }).created !== messages.length)
        throw new Error(`An import failed: ${last}`)
    }
    const fetchAll = async (format: string) => {
      const answer = await fetch(`${path}/-export?format=${format}`, { headers })
      for await (const part of answer.body ?? []) if (part === undefined) throw new Error('An export failed')
    }
    const works = [
      {
        name: 'import, lines of JSON',
        ours: () => send('application/jsonl', lines),
        bare: copyIn,
        resets: true,
      },
      { name: 'import, CSV', ours: () => send('text/csv', csv), bare: copyIn, resets: true },
      { name: 'export, lines of JSON', ours: () => fetchAll('jsonl'), bare: copyOut, resets: false },
      { name: 'export, CSV', ours: () => fetchAll('csv'), bare: copyOut, resets: false },
    ]
    const { pid } = world.roadbase.process
    for (const { name, ours, bare, resets } of works) {
      const times: Times[] = []
      // The first round fills caches and is not counted.
      for (let round = 0; round <= rounds; round++) {
        if (resets) await empty(world)
        const before = childrenCpuSeconds(world.postmaster)
        const theirs = await time(bare)
        const barePostgres = childrenCpuSeconds(world.postmaster) - before
        if (resets) await empty(world)
        const cpu = cpuSeconds(pid)
        const postgres = childrenCpuSeconds(world.postmaster)
        times.push({
          bare: theirs,
          barePostgres,
          ours: await time(ours),
          cpu: cpuSeconds(pid) - cpu,
          postgres: childrenCpuSeconds(world.postmaster) - postgres,
        })
      }
      const of = (one: keyof Times) => median(times.slice(1).map((pair) => pair[one]))
      const perSecond = (seconds: number) => `${(size / seconds / 1000).toFixed(0)}k/s`
      const each = (one: keyof Times) => ((of(one) / size) * 1e6).toFixed(1)
      const micros = `µs each: server ${each('cpu')}, PostgreSQL ${each('postgres')}, for copy ${each('barePostgres')}`
      rows.push({
        name: `transfer, ${size} rows: ${name}`,
        value: `${perSecond(of('ours'))}, copy ${perSecond(of('bare'))}, ${micros}, ${residentMiB(pid).toFixed(0)} MiB`,
        goal: 'order of 100k/s',
      })
    }
  } finally {
    await cleanup.run()
  }
  return rows
}

async function empty({ sql }: World): Promise<void> {
  await sql`truncate app_chat.messages`
  await sql`checkpoint`
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}
