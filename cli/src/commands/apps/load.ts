import { command, flag, one, text } from '../../command.ts'
import type { Context } from '../../context.ts'
import { type LocalApp, readSource } from '../../input/read-source.ts'
import { quoted } from '../../output/words.ts'
import { type Consent, carryOutPlan } from './carry-out.ts'
import { makePlan, withIssues } from './plan.ts'

export const consentOptions = {
  consent: text('token', 'the token of the plan that you agree to'),
  allowDestructive: flag('agree to whatever the plan loses or blocks'),
}

export const loadApp = command({
  name: 'apps load',
  summary: 'load an app, or its new version, into the server',
  more: 'Shows the plan first. What loses data or blocks requests needs consent: on a terminal you are asked; otherwise nothing is done, and the command ends with code 5 and the command that agrees. The version before keeps serving until the new one takes over, and when something fails.',
  remote: true,
  arguments: { source: one('the folder of the app, or an app.yaml', 'folder') },
  options: consentOptions,
  examples: [
    ['roadbase apps load config/apps/simple-todo', 'A new app, or a change of one'],
    ['roadbase apps load . --consent 4f1c…', 'After a review of the plan, with its token'],
  ],
  async run(context, { source }, { consent, allowDestructive }) {
    const app = await readSource(source, context.io.cwd)
    await loadSource(context, app, { consent, allowDestructive })
  },
})

/** Plans, asks, loads, and tells how it ended. */
export async function loadSource(context: Context, app: LocalApp, consent: Consent): Promise<void> {
  const { out } = context
  const { apps } = await context.admin()
  const plan = await makePlan(context, app)
  const loaded = await carryOutPlan(context, plan, consent, {
    title: `Loading ${app.slug}`,
    folder: app.folder,
    command: `roadbase apps load ${quoted(app.shown)}`,
    carryOut: (agreed) => withIssues(app.folder, () => apps.load(app.slug, app.source, agreed)),
  })
  const result = loaded ?? { outcome: 'unchanged' as const, version: plan.from, plan }
  out.result(result, ({ outcome, version }) =>
    outcome === 'unchanged'
      ? `${app.slug}: version ${version} is live; nothing has changed.`
      : `${app.slug}: version ${version} is live.`,
  )
  if (loaded?.outcome === 'create') {
    out.next(`roadbase apps show ${app.slug}`, `roadbase types ${app.slug} --out types.ts`)
  } else if (loaded !== undefined) out.next(`roadbase apps rollback ${app.slug}, should it be wrong`)
}
