import { randomBytes } from 'node:crypto'
import { actorOf, createAdmin, type ListedAdmin, MACHINE, openAuth } from './auth/index.ts'
import { startEmbedded } from './db/embedded/start-embedded.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open-database.ts'
import type { UserRecords } from './records/user-records.ts'
import { openDataFolder, openSecrets, type Settings } from './settings/index.ts'
import { createLogger } from './telemetry/index.ts'

export type MadeAdmin = ListedAdmin

/**
 * Makes an administrator in the data folder of a server that does not run. One that runs holds the folder, and this is refused
 * (`locked`): then it is asked of the server.
 */
export async function makeAdmin(
  settings: Settings,
  account: { readonly email: string; readonly password: string },
): Promise<MadeAdmin> {
  const stops: (() => void | Promise<void>)[] = []
  // Who asks for this wants to read its one answer.
  const logger = createLogger({ ...settings.log, level: 'error' })
  const warn = (message: string) => logger.warn(message)
  try {
    const folder = await openDataFolder(settings.data, settings)
    stops.push(() => folder.release())
    const { masterKey, adminKey } = openSecrets(folder.path, randomBytes, warn)
    const db = await openDatabase({
      url: settings.databaseUrl ?? (await embedded(folder.path)),
      log: logger,
      size: settings.pool.size,
      statementTimeout: settings.statementTimeout,
    })
    stops.push(() => db.close())
    await migrate(db, { log: logger })
    const { passwords, tokens, publicUrl } = settings
    // Never started: nothing here signs tokens, or has to do with the users of apps.
    const users = undefined as unknown as UserRecords
    const auth = openAuth({
      db,
      users,
      report: () => {},
      now: Date.now,
      publicUrl,
      masterKey,
      adminKey,
      passwords,
      tokens,
    })
    const made = await createAdmin(auth.admins, MACHINE, account)
    const { id: target, email } = made
    await auth.admins.audit({ by: actorOf(MACHINE), action: 'admin.created', target, details: { email } })
    return made
  } finally {
    for (let end = stops.pop(); end !== undefined; end = stops.pop()) await end()
  }

  async function embedded(dataDir: string): Promise<string> {
    const postgres = await startEmbedded({ dataDir, log: logger, temporary: settings.temporary })
    stops.push(() => postgres.stop())
    return postgres.url
  }
}
