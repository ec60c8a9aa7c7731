import type { SqlBehind } from '../../testing/sql-behind.ts'
import type { Answer, Caller } from '../client.ts'
import { type Attempt, answered, mixed, ran, times } from './storm.ts'

interface Hold {
  readonly id: string
  readonly place: number
  readonly until: number
  /** When its request was sent, and when it was answered. */
  readonly sent: number
  readonly answered: number
}

/**
 * Attacks on `expires`: many want the same places for a moment. In the hall `north` nobody but requests take them, and nobody
 * gives them back, so `doubles` can tell which of them would have had a place at the same time. In `south` everybody does everything.
 */
export function attackHolds(
  sql: SqlBehind,
  somebody: (n: number) => Caller,
  drawn: (n: number, below: number) => number,
) {
  const north: Hold[] = []
  const south: string[] = []

  async function hold(n: number, hall: string): Promise<string> {
    const sent = Date.now()
    const [place, until] = [1 + (n % 4), sent + 200 + drawn(n, 1200)]
    const body = { hall, place, until: new Date(until).toISOString() }
    const { status, json } = await somebody(n).send('POST', '/holds', body)
    if (status !== 201) return `${status} ${json?.code}`
    if (hall === 'north') north.push({ id: json.id, place, until, sent, answered: Date.now() })
    else south.push(json.id)
    return '201'
  }

  const onSouth = (n: number, request: (id: string) => Promise<Answer>) => {
    const id = south[south.length - 1 - drawn(n, 4)]
    return id === undefined ? Promise.resolve('404 not_found') : answered(request(id))
  }

  async function claim(n: number): Promise<string> {
    const last = north.at(-1 - drawn(n, 4))
    if (last === undefined) return '404 not_found'
    const sent = Date.now()
    const outcome = await answered(somebody(n).send('POST', '/claims', { hold: last.id }))
    return outcome === '201' && last.until <= sent ? '201 of what is due' : outcome
  }

  /** Of whatever is answered, nothing was due when it was asked for. */
  async function look(n: number): Promise<string> {
    const asked = Date.now()
    const path = ['/holds?limit=100', '/held?limit=100', '/claims?limit=100&expand=hold', '/holds/-export'][n % 4] ?? ''
    const { status, text } = await somebody(n).send('GET', path)
    const due = [...text.matchAll(/"until":"([^"]+)"/g)].filter(([, until = '']) => Date.parse(until) <= asked)
    return due.length === 0 ? `${status}` : `${status} shows what is due`
  }

  const later = (n: number) => `now() + interval '${200 + drawn(n, 900)} ms'`
  const attempts: readonly Attempt[] = mixed(
    times(400, (n) => hold(n, 'north')),
    times(200, (n) => hold(n, 'south')),
    times(100, claim),
    times(120, look),
    times(40, async () => {
      const [row] = await sql.run('select count(*)::int as due from holds where until <= now()::timestamptz(3)')
      return row?.['due'] === 0 ? 'sql ok' : 'sql shows what is due'
    }),
    times(60, (n) =>
      onSouth(n, (id) =>
        somebody(n).send('PATCH', `/holds/${id}`, { until: new Date(Date.now() + drawn(n, 900)).toISOString() }),
      ),
    ),
    times(30, (n) => onSouth(n, (id) => somebody(n).send('POST', `/holds/${id}/keep`))),
    times(60, (n) => onSouth(n, (id) => somebody(n).send('DELETE', `/holds/${id}`))),
    times(60, (n) => ran(sql, `insert into holds (hall, place, until) values ('south', ${1 + (n % 4)}, ${later(n)})`)),
    times(40, (n) => ran(sql, `update holds set until = ${later(n)} where hall = 'south' and place = ${1 + (n % 4)}`)),
    times(20, (n) => ran(sql, `delete from holds where hall = 'south' and place = ${1 + (n % 4)}`)),
    times(20, (n) => ran(sql, `insert into holds (hall, place, until) values ('east', ${1 + (n % 4)}, now())`)),
  )

  /** Holds that were given although their place was held from before they were asked for until after they were there. */
  const doubles = () =>
    north.flatMap((one) =>
      north.filter((other) => other.place === one.place && other.sent > one.answered && other.answered < one.until),
    )
  return { attempts, doubles, given: () => north.length }
}
