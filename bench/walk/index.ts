import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cleanup, temporaryFolder } from '../cleanup.ts'
import { residentMiB, type Server, startRoadbase } from '../servers.ts'
import { type Item, type Library, makeLibrary } from './records.ts'

interface Measure {
  readonly name: string
  readonly value: string
  readonly goal: string
}

/** The order in which records can refer to one another. */
const COLLECTIONS = ['genres', 'authors', 'books', 'members', 'loans'] as const
type Name = (typeof COLLECTIONS)[number]
const TYPES = { jsonl: 'application/jsonl', csv: 'text/csv' } as const
type Format = keyof typeof TYPES

/**
 * A library moves in: records with relations by natural keys, as CSV and as lines of JSON, are imported over HTTP, searched,
 * aggregated, expanded and exported; the export goes into a second app, whose export must be the same byte for byte. Fails where anything is lost.
 */
export async function measureWalk(size: number, cleanup: Cleanup): Promise<Measure[]> {
  const library = makeLibrary(size)
  const folder = temporaryFolder('walk', cleanup)
  const document = readFileSync(join(import.meta.dirname, 'library.yaml'), 'utf8')
  for (const slug of ['one', 'two', 'three']) {
    mkdirSync(join(folder, 'apps', slug), { recursive: true })
    writeFileSync(join(folder, 'apps', slug, 'app.yaml'), `app: ${slug}\n${document}`)
  }
  try {
    const server = await startRoadbase({ data: join(folder, 'data'), apps: join(folder, 'apps') })
    cleanup.add(() => server.stop())
    const key = readFileSync(join(folder, 'data/secrets/admin.key'), 'utf8').trim()
    return await walk(createClient(server, key), server, library)
  } finally {
    await cleanup.run()
  }
}

async function walk(client: Client, server: Server, library: Library): Promise<Measure[]> {
  const rows: Measure[] = []
  const tell = (name: string, value: string, goal = '') => void rows.push({ name: `walk: ${name}`, value, goal })
  const count = COLLECTIONS.reduce((sum, name) => sum + library[name].length, 0)
  // Once before, so that neither the compiler nor PostgreSQL's caches are what is measured.
  for (const name of COLLECTIONS)
    await client.import('three', name, 'jsonl', toLines(library[name].slice(0, 500)), undefined)

  const memory = watchMemory(server)
  const importing: number[] = []
  for (const name of COLLECTIONS) {
    const format = name === 'authors' || name === 'loans' ? 'csv' : 'jsonl'
    const body = format === 'csv' ? toCsv(library[name]) : toLines(library[name])
    importing.push(await seconds(() => client.import('one', name, format, body, library[name].length)))
  }
  tell(`import of ${count} records, relations by key`, perSecond(count, importing))
  COLLECTIONS.forEach((name, index) => {
    tell(
      `import of ${library[name].length} ${name}`,
      perSecond(library[name].length, importing.slice(index, index + 1)),
    )
  })

  for (const format of ['jsonl', 'csv'] as const) {
    const files = new Map<Name, string>()
    const out = await seconds(async () => {
      for (const name of COLLECTIONS) files.set(name, await client.export('one', name, format))
    })
    tell(`export as ${format}`, perSecond(count, [out]))
    if (format === 'csv') await client.clear('two')
    const back = await seconds(async () => {
      for (const name of COLLECTIONS)
        await client.import('two', name, format, files.get(name) ?? '', library[name].length)
    })
    tell(`import of that`, perSecond(count, [back]))
    for (const name of COLLECTIONS) {
      if ((await client.export('two', name, format)) !== files.get(name))
        throw new Error(`The ${format} of ${name} is another after a way round`)
    }
    tell(`export(import(export)) as ${format}`, 'equal byte for byte', 'equal')
  }
  tell('memory of the server process, most', `${memory.stop().toFixed(0)} MiB`)

  for (const { name, path, check } of QUESTIONS) {
    const times: number[] = []
    for (let n = 0; n < 20; n++) {
      const started = performance.now()
      const answer = await client.get(`/api/one/${path}`)
      times.push(performance.now() - started)
      check(answer, library)
    }
    tell(name, `p50 ${(times.sort((a, b) => a - b)[10] ?? 0).toFixed(1)} ms`)
  }
  return rows
}

type Answer = {
  readonly items: readonly (Item & { readonly expand?: Readonly<Record<string, unknown>> })[]
  readonly total?: number
}

/** What is asked, and what the answer has to be. */
const QUESTIONS: readonly {
  readonly name: string
  readonly path: string
  readonly check: (answer: Answer, library: Library) => void
}[] = [
  {
    name: 'search for two words',
    path: `books?${new URLSearchParams({ search: 'runner silence', limit: '20', highlight: 'true' })}`,
    check: ({ items }) => expect(items.length === 20 && items.every((book) => '_score' in book)),
  },
  {
    name: 'count and mean by genre of the author’s country',
    path: `books/-aggregate?${new URLSearchParams({ select: 'count,avg(pages) as mean', groupBy: 'author.country', sort: '-count' })}`,
    check: ({ items }, { books }) => expect(items.reduce((sum, { count }) => sum + Number(count), 0) === books.length),
  },
  {
    name: 'fees by month in Berlin',
    path: `loans/-aggregate?${new URLSearchParams({ select: 'count,sum(fee)', groupBy: "month(takenAt,'Europe/Berlin')" })}`,
    check: ({ items }, { loans }) => {
      expect(items.reduce((sum, { count }) => sum + Number(count), 0) === loans.length)
      const cents = (fee: unknown) => Math.round(Number(fee ?? 0) * 100)
      expect(
        items.reduce((sum, { sumFee }) => sum + cents(sumFee), 0) ===
          loans.reduce((sum, { fee }) => sum + cents(fee), 0),
      )
    },
  },
  {
    name: '20 authors with their books, their genres and loans',
    path: `authors?${new URLSearchParams({ limit: '20', sort: 'code', expand: 'books(limit:5;sort:-published;expand:genres,loans(limit:3;sort:-takenAt;expand:member))' })}`,
    check: ({ items }, { authors }) => {
      const first = authors.map(({ code }) => String(code)).sort((a, b) => (a < b ? -1 : 1))
      expect(items.map(({ code }) => code).join() === first.slice(0, 20).join())
      expect(items.every(({ expand }) => Array.isArray(expand?.['books'])))
    },
  },
  {
    name: 'loans by a path over two relations',
    path: `loans?${new URLSearchParams({ filter: "book.author.country == 'DE' && backAt == null", limit: '20', count: 'exact' })}`,
    check({ total }, { loans, books, authors }) {
      const german = new Set(authors.flatMap(({ code, country }) => (country === 'DE' ? [code] : [])))
      const theirs = new Set(books.flatMap(({ isbn, author }) => (german.has((author as Item)['code']) ? [isbn] : [])))
      expect(
        total === loans.filter(({ book, backAt }) => backAt === undefined && theirs.has((book as Item)['isbn'])).length,
      )
    },
  },
]

function expect(holds: boolean): void {
  if (!holds) throw new Error('The walk got an answer that is wrong')
}

type Client = ReturnType<typeof createClient>

function createClient({ url }: Server, key: string) {
  const headers = { authorization: `Bearer ${key}` }
  const get = async (path: string) => {
    const response = await fetch(url + path, { headers })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response
  }
  return {
    get: async (path: string) => (await (await get(path)).json()) as Answer,
    /** Undefined: however many come in. */
    async import(app: string, name: Name, format: Format, body: string, expected: number | undefined): Promise<void> {
      const path = `${url}/api/${app}/${name}/-import`
      const response = await fetch(path, {
        method: 'POST',
        headers: { ...headers, 'content-type': TYPES[format] },
        body,
      })
      const last = (await response.text()).trim().split('\n').at(-1) ?? ''
      const { created } = JSON.parse(last) as { readonly created?: number }
      if (expected !== undefined && created !== expected) throw new Error(`${app}/${name}: ${last.slice(0, 500)}`)
    },
    export: async (app: string, name: Name, format: Format) =>
      (await get(`/api/${app}/${name}/-export?format=${format}`)).text(),
    async clear(app: string): Promise<void> {
      for (const name of COLLECTIONS.toReversed()) {
        for (let changed = 1; changed > 0; ) {
          const response = await fetch(`${url}/api/${app}/${name}?filter=true&limit=1000`, {
            method: 'DELETE',
            headers,
          })
          changed = ((await response.json()) as { readonly changed: number }).changed
        }
      }
    },
  }
}

/** The most that was resident, in MiB, looked at ten times a second. */
function watchMemory(server: Server) {
  let most = 0
  const look = () => {
    most = Math.max(most, residentMiB(server.process.pid))
  }
  const timer = setInterval(look, 100)
  return {
    stop(): number {
      clearInterval(timer)
      look()
      return most
    },
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

function perSecond(count: number, times: readonly number[]): string {
  return `${(count / times.reduce((sum, time) => sum + time, 0) / 1000).toFixed(1)}k records/s`
}

function toLines(items: readonly Item[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('')
}

/** Relations by key become columns with a point in their name. */
function toCsv(items: readonly Item[]): string {
  const flat = items.map((item) =>
    Object.entries(item).flatMap(([name, value]) =>
      isKey(value) ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one]) : [[name, value]],
    ),
  )
  const names = [...new Set(flat.flatMap((pairs) => pairs.map(([name]) => String(name))))]
  const lines = flat.map((pairs) => {
    const values = Object.fromEntries(pairs) as Item
    return names.map((name) => cell(values[name])).join(',')
  })
  return `${[names.join(','), ...lines].join('\n')}\n`
}

function isKey(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cell(value: unknown): string {
  if (value === undefined) return ''
  const text = String(value)
  return /[",\n\r]|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
