import type { Setting } from 'roadbase/admin'
import { CliError } from '../../cli-error.ts'
import { command, many, one } from '../../command.ts'
import { orNearest } from '../../input/nearest.ts'
import { parsePair } from '../../input/record-data.ts'
import { renderTable } from '../../output/table.ts'
import { quoted } from '../../output/words.ts'

export const setApp = command({
  name: 'apps set',
  summary: "show or change an app's settings, which belong to this installation",
  more: 'name=value sets one, typed as the document says; name= followed by null goes back to the default; name:=JSON takes the value as JSON. Without any, all settings are shown.',
  remote: true,
  arguments: { app: one('the app', 'app'), settings: many('name=value') },
  examples: [
    ['roadbase apps set url-shortener', 'What can be set, and what is'],
    ['roadbase apps set url-shortener home=https://example.org', 'Sets one'],
    ['roadbase apps set url-shortener home=null', 'Back to the default'],
  ],
  async run({ admin, out }, { app, settings: pairs }) {
    const { apps } = await admin()
    const known = await apps.settings(app)
    const settings = pairs.length === 0 ? known : await apps.set(app, readValues(app, pairs, known))
    out.result(settings, (found) =>
      found.length === 0
        ? `${app} has no settings.`
        : renderTable(
            found,
            [
              { title: 'setting', value: ({ name }) => name },
              { title: 'value', value: ({ value }) => shown(value) },
              { title: 'set', value: ({ isSet }) => (isSet ? 'here' : 'default') },
              { title: 'default', value: (setting) => shown(setting.default) },
            ],
            out,
          ),
    )
    if (pairs.length === 0 && known[0] !== undefined)
      out.next(`roadbase apps set ${app} ${quoted(`${known[0].name}=…`)}`)
  },
})

function readValues(app: string, pairs: readonly string[], known: readonly Setting[]): Record<string, unknown> {
  const fields = new Map(known.map(({ name, schema }) => [name, schema ?? {}] as const))
  const values: Record<string, unknown> = {}
  for (const pair of pairs) {
    const name = /^[^:=]*/.exec(pair)?.[0] ?? ''
    if (name !== '' && name !== pair && !fields.has(name)) {
      throw new CliError('not_found', `${app} has no setting '${name}'.${orNearest(name, [...fields.keys()])}`, {
        fixes: [`roadbase apps set ${app} lists them.`],
      })
    }
    // Null is no value of any setting: it takes one back.
    const [key, value] = pair.endsWith('=null') ? [name, null] : parsePair(pair, { fields })
    values[key] = value
  }
  return values
}

function shown(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}
