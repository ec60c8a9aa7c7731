import type { Readable } from 'node:stream'
import { didYouMean } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import { ExpressionError } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { keepFacts } from '../operations/keep-facts.ts'
import { viewProblem } from '../operations/view-problem.ts'
import { exportStatement } from '../statements/export.ts'
import { inputs } from '../statements/inputs.ts'
import type { ListInput } from '../statements/list.ts'
import { callerColumns, callerJoins, LIVE } from '../statements/scope.ts'
import { asArray } from './as-array.ts'
import type { Gate } from './gate.ts'

export type ExportFormat = 'jsonl' | 'csv' | 'json'

export interface ExportInput {
  readonly format?: string | undefined
  readonly filter?: string | undefined
  readonly search?: string | undefined
  readonly fields?: string | undefined
  readonly sort?: string | undefined
}

export interface ExportOutput {
  readonly format: ExportFormat
  /** Name for the file that it becomes. */
  readonly name: string
  readonly bytes: Readable
}

/** Milliseconds. Longer, and what changes meanwhile could not be vacuumed. */
const LONGEST = 15 * 60_000

/**
 * All that the caller may list, of one moment, in bytes that PostgreSQL makes. It resolves when the first of them are there; afterwards a
 * failure is an error of the stream.
 */
export async function exportRecords(
  gate: Gate,
  collection: Collection,
  sender: Caller,
  input: ExportInput,
  signal: AbortSignal,
): Promise<ExportOutput> {
  const { app, model } = collection
  const caller = keepFacts(collection, sender)
  const format = parseFormat(input.format)
  const { filter, fields, sort, search } = input
  const { form, values, expandValues } = collection.lists.of({ filter, fields, sort, search })
  const found = search === undefined ? {} : { search }
  const request: ListInput = { caller, binding: '', values, expandValues, position: undefined, ...found }
  const leave = gate.enter(caller)
  try {
    await refuseEnded(collection, caller)
    const text = compile(() =>
      exportStatement(app, model, form.query(undefined), format === 'csv' ? 'csv' : 'lines', request),
    )
    const rows = await app.deps.db.copyOut(text, { timeout: LONGEST, signal }).catch((error: unknown) => {
      throw viewProblem(app, text, error)
    })
    rows.once('close', leave)
    // Whoever reads it sees it end in the middle; why, is told to the operator.
    rows.once('error', (error: unknown) => void viewProblem(app, text, error))
    return { format, name: `${model.name}.${format}`, bytes: format === 'json' ? asArray(rows) : rows }
  } catch (error) {
    leave()
    throw error
  }
}

const FORMATS = ['jsonl', 'csv', 'json'] as const

function parseFormat(text: string | undefined): ExportFormat {
  const format = FORMATS.find((known) => known === (text ?? 'jsonl'))
  if (format !== undefined) return format
  const hint = didYouMean(text ?? '', FORMATS)
  throw new Problem('invalid_parameter', `'format' must be one of ${FORMATS.join(', ')}.${hint}`)
}

/** Nothing to see for a session that has ended would look like an empty collection. */
async function refuseEnded({ app }: Collection, caller: Caller): Promise<void> {
  if (caller.sessionId === null) return
  const rows = inputs<{ readonly caller: Caller }>('x', callerColumns([]))
  const [row] = await app.deps.db.query<{ live: boolean }>(
    `select ${LIVE} as live from ${rows.from} ${callerJoins(app, [])}`,
    rows.params([{ caller }]),
    { idempotent: true },
  )
  if (row?.live !== true) throw new Problem('invalid_token', 'The session has ended')
}

/** A filter may be short, and its SQL too long all the same. */
function compile(make: () => string): string {
  try {
    return make()
  } catch (error) {
    if (error instanceof ExpressionError) throw new Problem('query_too_costly', `In 'filter', ${error.message}`)
    throw error
  }
}
