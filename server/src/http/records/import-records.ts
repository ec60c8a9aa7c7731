import { Readable } from 'node:stream'
import { toProblem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import type { ImportResult } from '../../records/transfer/import-types.ts'
import { changing } from '../across-versions.ts'
import { readItems } from '../items/read-items.ts'
import type { Ports } from '../ports.ts'
import type { Context, Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

/**
 * Stores the records of a body while it arrives. What is wrong with the request is told by the status; from the first record on the
 * answer is 200 and its last line says how it went.
 */
export function importRecords<A, C>(ports: Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>): Route {
  const shape = { writes: true, query: ['mode', 'by', 'atomic'], body: 'items' } as const
  return recordRoute(ports, 'POST', '/api/{app}/{collection}/-import', shape, async (call, context, input) => {
    const { collection, caller } = call
    const { query, body, params } = input
    const { signal, id } = context
    const { table, items } = await readItems(body.type, body.stream, body.itemLimit)
    const run = ports.records.import(collection, caller, query, table)
    // Few lines, however long it takes, so nothing has to wait for who reads them.
    const lines = new Readable({ read() {} })
    const say = (line: object) => void lines.push(`${JSON.stringify(line)}\n`)
    void run(items, (progress) => say({ progress }), signal)
      .then(async (result) => {
        await audit(caller, context, params, result)
        const { stopped, ...counts } = result
        say(stopped === undefined ? counts : { ...counts, stopped: problemOf(stopped, id) })
      })
      .catch((error: unknown) => lines.destroy(error instanceof Error ? error : new Error(String(error))))
      .finally(() => lines.push(null))
    return { status: 200, body: lines, headers: { 'content-type': 'application/jsonl; charset=utf-8' } }
  })

  function audit(
    { administrator: by, request }: Caller,
    { id: requestId }: Context,
    { app, collection: target }: { readonly app: string; readonly collection: string },
    { created, updated, failed }: ImportResult,
  ): Promise<void> {
    if (by === undefined) return Promise.resolve()
    const details = { created, updated, failed }
    return ports.administrators.audit({
      by,
      action: 'records.imported',
      app,
      target,
      details,
      ip: request.ip,
      requestId,
    })
  }
}

function problemOf(error: unknown, requestId: string): unknown {
  return JSON.parse(toProblem(changing(error)).toBody(requestId))
}
