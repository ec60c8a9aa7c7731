import { type Client, createClient } from 'roadbase'
import { type AdminClient, createAdmin } from 'roadbase/admin'
import { CliError } from './cli-error.ts'
import type { Io } from './io.ts'
import { createOutput, type Output } from './output/create-output.ts'
import { type Connection, connect } from './remote/connect.ts'
import { patientFetch } from './remote/patient-fetch.ts'

/** What every command takes besides its own options. */
export interface CommonOptions {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly debug?: boolean | undefined
  readonly url?: string | undefined
  readonly data?: string | undefined
}

/** What a command works with. Everything is made when it is first asked for. */
export interface Context {
  readonly io: Io
  readonly out: Output
  readonly common: CommonOptions
  /** Whether somebody sits at a terminal who can be asked. */
  readonly interactive: boolean
  connection(): Promise<Connection>
  /** The administration of the server; who is not logged in is told before anything is sent. */
  admin(): Promise<AdminClient>
  /** The same without a token, for what everybody may ask. */
  anyone(): Promise<AdminClient>
  /** The help of the command that these words name. */
  helpOf(words: readonly string[]): string
  /** The records of an app, as an administrator: rules are not asked. */
  client(app: string): Promise<Client>
  /** The same for whole files, which are streamed: what it is asked for begins at once, however long it takes. */
  streaming(app: string): Promise<Client>
}

export function createContext(io: Io, common: CommonOptions, helpOf: Context['helpOf']): Context {
  const out = createOutput(io, { json: common.json === true, quiet: common.quiet === true })
  let connecting: Promise<Connection> | undefined
  const connection = () => {
    connecting ??= connect(common, io)
    return connecting
  }

  return {
    io,
    out,
    common,
    interactive: io.stdin.isTTY === true && io.stderr.isTTY === true && common.json !== true,
    connection,
    helpOf,
    async admin() {
      const { url, token } = authorized(await connection())
      return createAdmin({ url, token, fetch: patientFetch(io.signal) })
    },
    async anyone() {
      const { url } = await connection()
      return createAdmin({ url, fetch: patientFetch(io.signal) })
    },
    async client(app) {
      const { url, token } = authorized(await connection())
      return createClient({ url, token, app, fetch: patientFetch(io.signal) })
    },
    async streaming(app) {
      const { url, token } = authorized(await connection())
      return createClient({ url, token, app })
    },
  }
}

function authorized({ url, token, tokenFrom }: Connection): { url: string; token: string } {
  if (token !== undefined && token !== '') return { url, token }
  throw new CliError('unauthenticated', `This needs an administrator of ${url}: ${tokenFrom}.`, {
    fixes: [
      `roadbase login --url ${url}`,
      'Or set ROADBASE_TOKEN to an admin key; on the machine of the server, name its data folder with --data.',
    ],
  })
}
