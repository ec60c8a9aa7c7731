import type { SqlBehind } from '../../testing/sql-behind.ts'
import type { Caller } from '../client.ts'
import { type Attempt, mixed, ran, times } from './storm.ts'

/** What a view shows of what is written meanwhile; `torn` where it is what never was. */
async function look(caller: Caller, view: string, isWhole: (row: Readonly<Record<string, unknown>>) => boolean) {
  const { status, json } = await caller.send('GET', `/${view}?limit=500`)
  if (status !== 200) return `${status} ${json?.code}`
  const items = json.items as readonly Readonly<Record<string, unknown>>[]
  return items.every(isWhole) ? '200' : `200 torn: ${JSON.stringify(items.find((item) => !isWhole(item)))}`
}

/**
 * Views over what is attacked show one moment of it: groups of a ledger that add up to zero, numbers up to how many there are, goods of which
 * none is on its way. One that keeps its rows is made anew meanwhile. `stock` is how many goods there are.
 */
export function lookAtViews(
  sql: SqlBehind,
  somebody: (n: number) => Caller,
  stock: number,
  refresh: () => Promise<string>,
): readonly Attempt[] {
  const isAllThere = (row: Readonly<Record<string, unknown>>) => Number(row['stock']) === stock
  return mixed(
    times(40, (n) => look(somebody(n), 'sums', ({ amount }) => Number(amount) === 0)),
    times(40, (n) =>
      look(somebody(n), 'standing', ({ id, made, latest }) => latest === `${id}-${String(made).padStart(4, '0')}`),
    ),
    times(40, (n) => look(somebody(n), 'piles', isAllThere)),
    times(30, (n) => look(somebody(n), 'pilesKept', isAllThere)),
    times(10, refresh),
    times(10, (n) => ran(sql, `delete from ${['piles', 'piles_kept', 'standing', 'sums'][n % 4]}`)),
  )
}
