import { createAdmin } from 'roadbase/admin'
import { CliError } from '../cli-error.ts'
import { command, flag, text } from '../command.ts'
import type { Context } from '../context.ts'
import { askText, readPassword } from '../input/ask.ts'
import { moment } from '../output/words.ts'
import { type Login, loginsFile, readLogins, withLogin, writeLogins } from '../remote/logins.ts'
import { patientFetch } from '../remote/patient-fetch.ts'

export const login = command({
  name: 'login',
  summary: 'log in to a server, which commands then use',
  more: 'Asks for e-mail address and password of an administrator; or takes an admin key with --key. Neither is ever an argument: the password may be piped in or be in ROADBASE_PASSWORD, the key is asked for or piped in. What is kept lies in your configuration folder, readable for you only.',
  remote: true,
  options: {
    email: text('address', 'the e-mail address'),
    key: flag('take an admin key instead of a password'),
  },
  examples: [
    ['roadbase login --url https://api.example.org', 'Asks for address and password'],
    ['roadbase login --url https://api.example.org --key < ci.key', 'With a key'],
  ],
  async run(context, _args, { email, key }) {
    const { out, io } = context
    const { url } = await context.connection()
    const made = key === true ? await byKey(context, url) : await byPassword(context, url, email)
    await writeLogins(io.env, withLogin(await readLogins(io.env), url, made))
    const who = made.email === undefined ? 'with a key' : `as ${made.email}`
    out.result(
      { url, email: made.email ?? null, expiresAt: made.expiresAt ?? null },
      () => `Logged in at ${url} ${who}.`,
    )
    out.note(`Kept in ${loginsFile(io.env)}${made.expiresAt === undefined ? '' : `, until ${moment(made.expiresAt)}`}.`)
    out.next('roadbase apps list')
  },
})

async function byPassword(context: Context, url: string, given: string | undefined): Promise<Login> {
  if (given === undefined && !context.interactive) {
    throw new CliError('usage', 'The e-mail address is missing.', { fixes: ['roadbase login --email ada@example.org'] })
  }
  const email = given ?? (await askText(context, `E-mail address at ${url}:`))
  const password = await readPassword(context, { again: false })
  const session = await createAdmin({ url, fetch: patientFetch(context.io.signal) }).logIn({ email, password })
  return { token: session.token, email: session.admin.email, expiresAt: session.expiresAt }
}

async function byKey(context: Context, url: string): Promise<Login> {
  const token = (await readPassword(context, { again: false, what: 'Key', env: 'ROADBASE_TOKEN' })).trim()
  // Who keeps a key that opens nothing finds out later, and elsewhere.
  await createAdmin({ url, token, fetch: patientFetch(context.io.signal) })
    .apps.list()
    .catch(allowedLess)
  return { token, email: undefined, expiresAt: undefined }
}

/** A key without `apps:read` is a key all the same. */
function allowedLess(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'insufficient_scope')) throw error
}
