import { randomBytes, randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { appSections } from './app-sections.ts'
import { appEvents, createLoader } from './apps/index.ts'
import { auditFolder } from './audit-folder.ts'
import { authEvents, createSeal, makeSetupLink, openAuth, seedAccounts } from './auth/index.ts'
import { createControlPlane } from './control/index.ts'
import { startEmbedded } from './db/embedded/start-embedded.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open-database.ts'
import { createCorsPolicy, createEpochs, httpEvents, loadUws, routes, startHttpServer } from './http/index.ts'
import * as records from './records/index.ts'
import { openDataFolder, openSecrets, type Settings } from './settings/index.ts'
import { createMetrics, createReport, createRequestIds, type EventTable, type Logger } from './telemetry/index.ts'
import { controlPorts, httpPorts } from './wire-ports.ts'

export interface RunningServer {
  readonly url: string
  /** Where the first administrator is made, while there is none. Whoever has it can do that, so it goes to the terminal only. */
  readonly setupLink: string | undefined
  /** Answers what was accepted, then stops everything in the order in which it depends on one another. */
  stop(): Promise<void>
}

/** Statements of one kind under way at once; more of them share the next. Two keep PostgreSQL busy while one is decoded. */
const LANE_LIMITS = { maxBatch: 256, maxInFlight: 2, maxWaiting: 20_000 }

/**
 * The composition root: the second table of contents, beside that of the routes. Every part is made here, in the order
 * of the layers, and stopped in the other one.
 */
export async function runServer(settings: Settings, logger: Logger): Promise<RunningServer> {
  const stops: (() => void | Promise<void>)[] = []
  const stop = async () => {
    for (let end = stops.pop(); end !== undefined; end = stops.pop()) await end()
  }
  try {
    return { ...(await start(settings, logger, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(settings: Settings, logger: Logger, stops: (() => void | Promise<void>)[]) {
  const uws = await loadUws()
  const port = settings.port === 0 ? await freePort(settings.host) : settings.port
  const publicUrl = settings.publicUrl.replace(/:0$/, `:${port}`)

  const folder = await openDataFolder(settings.data, settings)
  stops.push(() => folder.release())
  const secrets = openSecrets(folder.path, randomBytes, (message) => logger.warn(message))

  const metrics = createMetrics()
  const reporter = <E extends { readonly type: string }>(table: EventTable<E>, room: string) =>
    createReport(table, { logger: logger.child({ room }), metrics })

  // The database
  const db = await openDatabase({
    url: settings.databaseUrl ?? (await embedded()),
    log: logger.child({ room: 'db' }),
    size: settings.pool.size,
    statementTimeout: settings.statementTimeout,
  })
  stops.push(() => db.close())
  metrics.pool('general', () => db.stats().general)
  metrics.pool('hot', () => db.stats().hot)
  await migrate(db, { log: logger.child({ room: 'db' }) })

  // Apps
  const reportRecords = reporter(records.recordsEvents, 'records')
  const settingsSeal = createSeal(secrets.masterKey, 'roadbase app settings v1')
  const sections = appSections({
    records: {
      db,
      troublemakers: records.createTroublemakers({ clock: () => performance.now() }),
      limits: LANE_LIMITS,
      onBatch: metrics.batch('records').observe,
      cursors: records.createCursors(secrets.masterKey),
      development: settings.development,
      report: reportRecords,
    },
    settings: { db, seal: settingsSeal, report: reportRecords },
    cors: settings.cors,
  })
  const serverCors = createCorsPolicy(settings.cors)
  const nobody = createCorsPolicy([])
  let afterRequests = () => Promise.resolve()
  const visits = createEpochs()
  const loader = createLoader({
    db,
    sections: sections.all,
    report: auditFolder(reporter(appEvents, 'apps'), (entry) => void auth.admins.audit(entry)),
    clock: { now: () => new Date(), sleep },
    afterRequests: () => afterRequests(),
    afterVisits: visits.passed,
    terminal: process.stderr.isTTY ? (text) => process.stderr.write(text) : undefined,
  })
  stops.push(() => loader.close())
  const keySweeper = records.createKeySweeper({ db, report: reportRecords })
  keySweeper.start()
  stops.push(() => keySweeper.stop())
  const recordSweeper = records.createRecordSweeper({
    db,
    apps: () => loader.registry.list().map((app) => app.model(sections.records)),
    report: reportRecords,
  })
  recordSweeper.start()
  stops.push(() => recordSweeper.stop())
  const viewRefresher = records.createViewRefresher({
    db,
    apps: () => loader.registry.list().map((app) => ({ slug: app.slug, models: app.model(sections.records) })),
    report: reportRecords,
  })
  viewRefresher.start()
  stops.push(() => viewRefresher.stop())

  // Accounts
  const auth = openAuth({
    db,
    users: records.createUserRecords(sections.records),
    report: reporter(authEvents, 'auth'),
    now: Date.now,
    publicUrl,
    masterKey: secrets.masterKey,
    adminKey: secrets.adminKey,
    passwords: settings.passwords,
    tokens: settings.tokens,
  })
  await auth.start()
  stops.push(() => auth.stop())

  await loader.loadAll(settings.apps)
  if (settings.development) {
    const watcher = await loader.watch(settings.apps)
    stops.push(() => watcher.close())
  }

  // HTTP
  const parts = {
    apps: loader.registry,
    isSucceeded: loader.isSucceeded,
    pauses: loader.pauses,
    visits,
    acts: loader.acts,
    auth,
    section: sections.records,
    sections: sections.all,
    publicUrl,
    views: { db, section: sections.records, report: reportRecords },
    settings: { db, section: sections.settings, seal: settingsSeal, refresh: loader.refresh },
    seeds: {
      ...sections,
      db,
      passwords: records.createPasswords(seedAccounts(auth.accounts)),
      open: records.createOpenCollections(),
      now: () => new Date(),
      report: reportRecords,
    },
  }
  const reportHttp = reporter(httpEvents, 'http')
  const control = createControlPlane(controlPorts(parts), reportHttp, settings)
  await control.start()
  stops.push(() => control.stop())
  const ports = httpPorts(parts, {
    readiness: async () => [{ name: 'database', ...(await db.ping().then(nothing, () => UNREACHABLE)) }],
    metrics: async () => ({ contentType: metrics.contentType, body: await metrics.render() }),
  })
  const server = await startHttpServer(
    {
      host: settings.host,
      port,
      bodyLimit: settings.bodyLimit,
      importLimit: settings.importLimit,
      requestTimeout: settings.requestTimeout,
      trustedProxies: settings.trustedProxies,
    },
    {
      uws,
      routes: routes(ports, control.routes),
      corsOf: (slug) => (slug === undefined ? nobody : (loader.registry.get(slug)?.part(sections.cors) ?? serverCors)),
      requestIds: createRequestIds({ now: Date.now, random: (below) => randomInt(below) }),
      metrics,
      report: reportHttp,
    },
  )
  afterRequests = () => server.afterRequests()
  loader.servesFromNow()
  stops.push(() => server.drain(settings.drainTimeout))

  const link = await makeSetupLink(auth.admins)
  return { url: publicUrl, setupLink: link }

  async function embedded(): Promise<string> {
    const postgres = await startEmbedded({
      dataDir: folder.path,
      log: logger.child({ room: 'db' }),
      temporary: settings.temporary,
    })
    stops.push(() => postgres.stop())
    return postgres.url
  }
}

const nothing = () => ({})
const UNREACHABLE = { problem: 'PostgreSQL does not answer' }

/** Tokens name the server by its URL, so the port must be known before anything listens. */
function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
