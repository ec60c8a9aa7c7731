import { command, flag, maybe, one } from '../../command.ts'
import { confirmByName } from '../../input/ask.ts'
import { withProgress } from '../../output/progress.ts'
import { renderTable } from '../../output/table.ts'
import { count } from '../../output/words.ts'

export const seedApp = command({
  name: 'apps seed',
  summary: 'make the records of a set in the seed.yaml of an app',
  more: 'What was made before stays as it is, so it may be run again and again. All of it is made, or nothing.',
  remote: true,
  arguments: { app: one('the app', 'app'), set: maybe('the set (default: default)') },
  options: {
    fresh: flag('delete all records of the app first'),
    yes: flag('do not ask before deleting', { short: 'y' }),
  },
  examples: [
    ['roadbase apps seed simple-todo', 'The set named default'],
    ['roadbase apps seed movies evening --fresh', 'From nothing: all records of the app go first'],
  ],
  async run(context, { app, set }, { fresh, yes }) {
    const { out } = context
    const { apps } = await context.admin()
    if (fresh === true) {
      const command = `roadbase apps seed ${app}${set === undefined ? '' : ` ${set}`} --fresh`
      await confirmByName(context, { name: app, message: `This deletes all records of ${app} first.`, command, yes })
    }
    const seeded = await withProgress(context, { title: `Seeding ${app}` }, () =>
      apps.seed(app, { set, fresh: fresh === true ? app : undefined }),
    )
    out.result(
      seeded,
      ({ set: name, created, kept }) =>
        `${app}: ${count(created, 'record')} made of the set '${name}', ${kept} there already.`,
    )
    const rows = Object.entries(seeded.records).flatMap(([name, made]) =>
      // Null: somebody has deleted it since.
      (Array.isArray(made) ? made : [made]).flatMap((record: { id: string } | null) =>
        record === null ? [] : [{ name, id: record.id }],
      ),
    )
    if (rows.length > 0 && rows.length <= 20) {
      out.note(
        renderTable(
          rows,
          [
            { title: 'name', value: ({ name }) => name },
            { title: 'id', value: ({ id }) => id },
          ],
          { ...out, colours: out.noteColours },
        ),
      )
    }
    out.next(`roadbase apps show ${app}`)
  },
})
