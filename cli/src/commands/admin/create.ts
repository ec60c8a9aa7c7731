import { totalmem } from 'node:os'
import { command, one } from '../../command.ts'
import type { Context } from '../../context.ts'
import { readPassword } from '../../input/ask.ts'
import { renderFields } from '../../output/table.ts'
import { dataFolder, isThisMachine } from '../../remote/connect.ts'
import { isRoadbaseError, reasonOf } from '../../remote/explain-error.ts'

export const createAdmin = command({
  name: 'admin create',
  summary: 'make an administrator of the server',
  more: 'Also when it does not run: then the data folder itself is opened, with the settings of the environment. The password is asked for, read from what is piped in, or taken from ROADBASE_PASSWORD.',
  remote: true,
  arguments: { email: one('the e-mail address') },
  examples: [
    ['roadbase admin create ada@example.org', 'Asks for the password'],
    ['roadbase admin create ada@example.org --data /data < password.txt', 'For scripts, in a data folder'],
  ],
  async run(context, { email }) {
    const account = { email, password: await readPassword(context, { again: true }) }
    const made = (await askServer(context, account)) ?? (await makeOffline(context, account))
    context.out.result(made, ({ id, email: address }) =>
      renderFields(
        [
          ['id', id],
          ['email', address],
        ],
        context.out,
      ),
    )
    const { url } = await context.connection()
    context.out.next(`roadbase login --url ${url} --email ${email}`)
  },
})

interface Account {
  readonly email: string
  readonly password: string
}

/** Nothing when no server runs here. */
async function askServer(context: Context, account: Account): Promise<{ id: string; email: string } | undefined> {
  const { url, token } = await context.connection()
  const isHere = isThisMachine(url) && context.common.url === undefined
  // Before its first start a data folder has no key.
  if (isHere && token === undefined && !(await answers(url))) return undefined
  try {
    return await (await context.admin()).admins.create(account)
  } catch (error) {
    if (isHere && isRoadbaseError(error) && reasonOf(error) === 'unreachable') return undefined
    throw error
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function makeOffline({ io, out, common }: Context, account: Account) {
  const { loadServerSettings, makeAdmin } = await import('../../../../server/src/command.ts')
  const data = dataFolder(common.data, io)
  out.note(`No server runs here; opening its data folder ${data}.`)
  const { settings } = loadServerSettings({ argv: [`--data=${data}`], env: io.env, cwd: io.cwd, memory: totalmem() })
  return makeAdmin(settings, account)
}
