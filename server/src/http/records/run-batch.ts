import { Problem } from '../../errors/problem.ts'
import type { Administrator, Caller } from '../../records/caller.ts'
import { identify } from '../caller.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { parsePrefer } from '../request/prefer.ts'
import { type Context, type Route, route } from '../route.ts'
import { administer, isAdministrators } from './administer.ts'
import { auditWrite } from './audit-write.ts'
import { isValidateOnly } from './validate-only.ts'

const ACTIONS = {
  create: 'record.created',
  update: 'record.updated',
  replace: 'record.replaced',
  upsert: 'record.replaced',
  delete: 'record.deleted',
} as const

/** Writes to several collections that happen together, or not at all. */
export function runBatch<A, C>({
  apps,
  batches,
  administrators,
}: Pick<Ports<A, C>, 'apps' | 'batches' | 'administrators'>): Route {
  const shape = {
    query: ['validate'],
    headers: ['authorization', 'idempotency-key', 'prefer'],
    body: 'json',
  } as const
  return route('POST', '/api/{app}/batch', shape, async (context, { params, query, headers, body }) => {
    const app = findApp(apps, params.app)
    const validateOnly = isValidateOnly(query.validate)
    const prefer = parsePrefer(headers.prefer)
    const caller = await callerOf(context, params.app, headers.authorization, body)
    const { writes, replayed, ...batch } = await batches.run(app, caller, {
      body,
      prefer,
      idempotencyKey: headers['idempotency-key'],
      validateOnly,
      isAborted: () => context.aborted,
    })
    if (validateOnly) return { status: 204 }
    if (caller.administrator !== undefined) await audit(params.app, caller, caller.administrator, writes)
    return {
      status: 200,
      body: batch.body,
      headers: {
        ...(prefer === undefined ? {} : { 'preference-applied': `return=${prefer}` }),
        ...(replayed === true ? { 'idempotency-replayed': 'true' } : {}),
      },
    }
  })

  async function callerOf(
    context: Context,
    app: string,
    authorization: string | undefined,
    body: Readonly<Record<string, unknown>>,
  ): Promise<Caller> {
    const caller = identify(apps, context, app, authorization)
    if (!(caller instanceof Problem)) return caller
    if (!isAdministrators(authorization)) throw caller
    // Users are accounts, which takes a right of its own.
    const collection = writesUsers(body) ? 'users' : 'batch'
    return administer(administrators, context, { authorization, app, collection, writes: true })
  }

  async function audit(
    app: string,
    { request }: Caller,
    by: Administrator,
    writes: Awaited<ReturnType<typeof batches.run>>['writes'],
  ): Promise<void> {
    for (const { kind, created, collection, id, fields } of writes) {
      const action = created ? 'record.created' : ACTIONS[kind]
      const named = Object.fromEntries(fields.map((name) => [name, true]))
      await auditWrite(administrators, { action, by, request, params: { app, collection }, id, body: named })
    }
  }
}

function writesUsers({ operations }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(operations)) return false
  return operations.some((operation: unknown) =>
    typeof operation === 'object' && operation !== null ? Object.values(operation).includes('users') : false,
  )
}
