import type { Scope } from 'roadbase/admin'
import { CliError } from '../../cli-error.ts'
import { command, list, one, parsed } from '../../command.ts'
import { orNearest } from '../../input/nearest.ts'
import { moment } from '../../output/words.ts'

export const scopes: readonly Scope[] = [
  'apps:read',
  'apps:write',
  'apps:delete',
  'records:read',
  'records:write',
  'users:read',
  'users:write',
  'keys:write',
  'audit:read',
  '*',
]

export const createKey = command({
  name: 'keys create',
  summary: 'make a key for a program, and print it this once',
  remote: true,
  arguments: { name: one('what it is for') },
  options: {
    scope: list('scopes', `what it may do: ${scopes.join(', ')} (everything)`, { completes: scopes }),
    app: list('apps', 'the only apps it is good for (default: all)', { completes: 'app' }),
    expires: parsed('when', 'when it ends: 30d, 12h, or a time as 2027-01-31T00:00:00Z (default: never)', toExpiry),
  },
  examples: [
    ['roadbase keys create ci --scope apps:read,apps:write --app movies --expires 90d', 'For a deployment'],
    ['roadbase keys create backup --scope records:read > backup.key', 'Into a file: only the key goes to stdout'],
  ],
  async run({ admin, out }, { name }, { scope, app, expires }) {
    const { keys } = await admin()
    const made = await keys.create({ name, scopes: checkScopes(scope ?? []), apps: app, expiresAt: expires })
    out.result(made, ({ key }) => key)
    out.note(
      `Keep it now: it is not shown again.${made.expiresAt === null ? '' : ` It ends ${moment(made.expiresAt)}.`}`,
    )
    out.next('ROADBASE_TOKEN=<key> roadbase apps list')
  },
})

function checkScopes(given: readonly string[]): readonly Scope[] {
  if (given.length === 0) {
    throw new CliError('usage', 'The key needs a scope: --scope.', {
      fixes: [`There are: ${scopes.join(', ')}; * is everything.`],
    })
  }
  const unknown = given.find((scope) => !(scopes as readonly string[]).includes(scope))
  if (unknown === undefined) return given as readonly Scope[]
  throw new CliError('usage', `There is no scope '${unknown}'.${orNearest(unknown, scopes)}`)
}

/** From now on: `30d`; or a moment. */
function toExpiry(text: string): string {
  const [, amount, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? []
  if (amount !== undefined) {
    const hours = Number(amount) * ({ h: 1, d: 24, w: 168 }[unit ?? 'h'] ?? 1)
    return new Date(Date.now() + hours * 3_600_000).toISOString()
  }
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text).toISOString()
  throw new TypeError('Write 30d, 12h, 2w, or a time as 2027-01-31T00:00:00Z.')
}
