import { RoadbaseError } from 'roadbase'
import type { Plan } from 'roadbase/admin'
import { CliError } from '../../cli-error.ts'
import { command, one } from '../../command.ts'
import type { Context } from '../../context.ts'
import { type LocalApp, readSource } from '../../input/read-source.ts'
import { withProgress } from '../../output/progress.ts'
import { renderPlan } from '../../output/render-plan.ts'
import { quoted } from '../../output/words.ts'
import { invalidDocument } from './show-issues.ts'

export const planApp = command({
  name: 'apps plan',
  summary: 'show what loading an app would do, and do nothing',
  more: 'A diff to review: + is made, ~ is changed, - is put away. It tells who waits and for about how long, what is lost, and what needs consent. It ends with code 4 when the records that are there forbid it.',
  remote: true,
  arguments: { source: one('the folder of the app, or an app.yaml', 'folder') },
  examples: [
    ['roadbase apps plan config/apps/simple-todo', 'Before loading it'],
    ['roadbase apps plan . --json > plan.json', 'For programs'],
  ],
  async run(context, { source }) {
    const app = await readSource(source, context.io.cwd)
    const plan = await makePlan(context, app)
    context.out.result(plan, (found) => renderPlan(found, { colours: context.out.colours, folder: app.folder }))
    if (plan.refusals.length > 0) throw refusedPlan(plan)
    if (plan.outcome !== 'unchanged') context.out.next(loadCommand(app, plan))
  },
})

/** Asks the server for the plan; a document that is not valid is told with its places in the folder. */
export async function makePlan(context: Context, { slug, source, folder }: LocalApp): Promise<Plan> {
  const { apps } = await context.admin()
  return withIssues(folder, () => withProgress(context, { title: `Planning ${slug}` }, () => apps.plan(slug, source)))
}

export async function withIssues<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RoadbaseError && error.code === 'invalid_document') throw invalidDocument(error.errors, folder)
    throw error
  }
}

/** The plan has been shown; this is how the command ends. */
export function refusedPlan(plan: Plan): CliError {
  return new CliError(
    'refused',
    `Version ${plan.to} of ${plan.app} does not fit the records that are there; nothing was changed.`,
    {
      fixes: ['Change those records, or the document.'],
      data: { code: 'change_refused', errors: plan.refusals },
    },
  )
}

function loadCommand({ shown }: LocalApp, { consent }: Plan): string {
  return `roadbase apps load ${quoted(shown)}${consent === null ? '' : ` --consent ${consent}`}`
}
