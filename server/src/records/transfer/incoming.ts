import { setImmediate as turn } from 'node:timers/promises'
import { Problem } from '../../errors/problem.ts'
import type { CreateInput } from '../statements/create.ts'
import { isObject } from '../validate/merge-patch.ts'
import type { ImportItem } from './import-types.ts'
import type { ReadRow } from './read-columns.ts'
import type { Failure } from './tally.ts'

/** A record on its way, or why it does not come any further. */
export interface Incoming {
  readonly line: number
  /** Bytes that it came in. */
  readonly size: number
  body: Readonly<Record<string, unknown>>
  problem?: Problem
  /** Fields whose references were found by a key. */
  found?: Set<string>
  /** What it becomes, where that is known without a look at the database. */
  input?: CreateInput
}

/**
 * Reads items and has them looked at, as they come. In between the event loop gets its turn: PostgreSQL, which stores the records before,
 * is not kept waiting for the next message, nor are the requests of others.
 */
export async function* readIncoming(
  items: AsyncIterable<readonly ImportItem[]>,
  readRow: ReadRow | undefined,
  /** Fields that are passed over. */
  made: ReadonlySet<string>,
  look: (records: readonly Incoming[]) => void,
): AsyncGenerator<readonly Incoming[], void, undefined> {
  for await (const some of items) {
    const records = some.map((item) => incoming(item, readRow, made))
    look(records)
    yield records
    await turn()
  }
}

function incoming(item: ImportItem, readRow: ReadRow | undefined, made: ReadonlySet<string>): Incoming {
  const { line, size } = item
  try {
    if ('problem' in item) throw item.problem
    const body = 'cells' in item ? readRow?.(item.cells) : item.value
    if (!isObject(body)) throw new Problem('malformed_request', 'A record must be a JSON object')
    return { line, size, body: made.size === 0 ? body : without(body, made) }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return { line, size, body: {}, problem }
  }
}

function without(
  body: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)))
}

/** Those that may go on, and what became of the others. */
export function sorted(records: readonly Incoming[]): {
  readonly good: readonly Incoming[]
  readonly failures: readonly Failure[]
} {
  const failures: Failure[] = []
  const good: Incoming[] = []
  for (const record of records) {
    if (record.problem === undefined) good.push(record)
    else failures.push({ line: record.line, problem: record.problem })
  }
  return { good, failures }
}
