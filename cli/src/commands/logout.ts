import { createAdmin } from 'roadbase/admin'
import { CliError } from '../cli-error.ts'
import { command } from '../command.ts'
import { readLogins, withoutLogin, writeLogins } from '../remote/logins.ts'
import { patientFetch } from '../remote/patient-fetch.ts'

export const logout = command({
  name: 'logout',
  summary: 'end the session at a server, and forget it',
  remote: true,
  examples: [
    ['roadbase logout', 'At the server of the last login'],
    ['roadbase logout --url https://api.example.org', 'At another one'],
  ],
  async run({ io, out, connection }) {
    const { url } = await connection()
    const logins = await readLogins(io.env)
    const found = logins.servers[url]
    if (found === undefined) {
      const known = Object.keys(logins.servers)
      throw new CliError('not_found', `You are not logged in at ${url}.`, {
        fixes: known.map((other) => `roadbase logout --url ${other}`),
      })
    }
    // First here: who logs out wants to be out, also when the server is away.
    await writeLogins(io.env, withoutLogin(logins, url))
    const ended =
      found.email === undefined
        ? false
        : await createAdmin({ url, token: found.token, retries: 0, timeout: 5_000, fetch: patientFetch(io.signal) })
            .logOut()
            .then(
              () => true,
              () => false,
            )
    if (!ended && found.email !== undefined) out.warn('The server could not be told; the session ends by itself.')
    out.result({ url, ended }, () => `Logged out at ${url}.`)
  },
})
