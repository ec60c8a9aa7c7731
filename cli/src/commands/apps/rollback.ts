import type { Version } from 'roadbase/admin'
import { CliError } from '../../cli-error.ts'
import { command, maybe, one } from '../../command.ts'
import { carryOutPlan } from './carry-out.ts'
import { consentOptions } from './load.ts'
import { toVersion } from './versions.ts'

export const rollbackApp = command({
  name: 'apps rollback',
  summary: 'go back to a version of an app',
  more: 'Plans like a load, shows the plan, and asks where something is lost. What was put away since that version comes back, with its data. Going back makes a new version.',
  remote: true,
  arguments: { app: one('the app', 'app'), version: maybe('the version to go back to (default: the one before)') },
  options: consentOptions,
  examples: [
    ['roadbase apps rollback simple-todo', 'To the version before'],
    ['roadbase apps rollback simple-todo 3', 'To version 3'],
  ],
  async run(context, { app, version }, { consent, allowDestructive }) {
    const { out } = context
    const { apps } = await context.admin()
    const to = version === undefined ? before(app, await apps.versions(app)) : toVersion(version)
    const plan = await apps.planRollback(app, to)
    const loaded = await carryOutPlan(
      context,
      plan,
      { consent, allowDestructive },
      {
        title: `Going back to version ${to} of ${app}`,
        command: `roadbase apps rollback ${app} ${to}`,
        carryOut: (agreed) => apps.rollback(app, to, agreed),
      },
    )
    const result = loaded ?? { outcome: 'unchanged' as const, version: plan.from, plan }
    out.result(result, (found) =>
      found.outcome === 'unchanged'
        ? `${app}: version ${found.version} is live, and is what version ${to} was; nothing has changed.`
        : `${app}: version ${found.version} is live; it is what version ${to} was.`,
    )
    if (loaded !== undefined) out.next(`roadbase apps versions ${app}`)
  },
})

/** The version before the live one; where nothing is live, the last there was. */
function before(app: string, versions: readonly Version[]): number {
  const numbers = versions.map(({ version }) => version).sort((one, other) => other - one)
  const live = versions.find(({ current }) => current)?.version
  const found = live === undefined ? numbers[0] : numbers.find((number) => number < live)
  if (found !== undefined) return found
  throw new CliError('not_found', `There is no version of ${app} to go back to.`, {
    fixes: [`roadbase apps versions ${app}`],
  })
}
