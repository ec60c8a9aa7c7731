import type { LiveApp } from '../../apps/section.ts'
import type { Database, Sql } from '../../db/database.ts'
import { didYouMean } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import type { ReportRecords } from '../events.ts'
import type { RecordsSection } from '../section.ts'
import type { SettingsSection } from '../settings/section.ts'
import { shareApp, shareProblem } from '../share-app.ts'
import { isObject } from '../validate/merge-patch.ts'
import { clearApp } from './clear-app.ts'
import { createRecords, OneByOne } from './create-records.ts'
import { draftRecords } from './draft-records.ts'
import { keyOf, type SeedModel, type SeedSet } from './model.ts'
import type { createOpenCollections } from './open-collection.ts'
import type { Passwords } from './passwords.ts'
import { readRecords } from './read-records.ts'
import type { SeedSection } from './section.ts'
import { lockSeeds, rememberSeeds, selectSeeds } from './sql.ts'

export interface SeedDeps {
  readonly db: Pick<Database, 'query' | 'transaction'>
  readonly records: RecordsSection
  readonly settings: SettingsSection
  readonly seeds: SeedSection
  readonly passwords: Passwords
  readonly open: ReturnType<typeof createOpenCollections>
  readonly now: () => Date
  readonly report: ReportRecords
}

export interface Seeded {
  /** Null where nothing but emptying was asked for. */
  readonly set: string | null
  /** Records that this call has made. */
  readonly created: number
  /** Those that were there already, as they are now. */
  readonly kept: number
  /** By the names of the entries, as an administrator reads them; a list where the entry is one. Null: deleted since. */
  readonly records: Readonly<Record<string, unknown>>
}

/**
 * Makes the records of `seed.yaml`, all or none: `{set?, fresh?, keepUsers?}`. What an earlier call has made stays as it is, whatever has
 * become of it since. `fresh` (the app's slug, to be sure) empties the app first, but for the users of `keepUsers`; that is all with the set
 * null. Rules are not asked; everything else holds.
 */
export async function seedApp(deps: SeedDeps, app: LiveApp, body: unknown): Promise<Seeded> {
  const request = readRequest(app, body)
  const { fresh } = request
  const set = request.set === null ? undefined : setOf(app.model(deps.seeds), request.set, fresh)
  const seeded = await plant(deps, app, set, request)
  deps.report({
    type: 'seed.planted',
    app: app.slug,
    set: seeded.set,
    created: seeded.created,
    kept: seeded.kept,
    fresh,
  })
  return seeded
}

interface Request {
  /** Null: none. */
  readonly set: string | null | undefined
  readonly fresh: boolean
  readonly keepUsers: readonly string[]
}

function readRequest({ slug }: LiveApp, body: unknown): Request {
  if (!isObject(body)) throw new Problem('malformed_request', 'The body must be a JSON object')
  const { set, fresh, keepUsers = [], ...others } = body
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw new Problem('unknown_field', `'${other.slice(0, 64)}' is not one of set, fresh, keepUsers`)
  if (set !== undefined && set !== null && typeof set !== 'string')
    throw new Problem('malformed_request', '`set` is the name of a set, or null with `fresh`')
  if (!isUuids(keepUsers)) throw new Problem('malformed_request', '`keepUsers` is a list of ids of users')
  if (fresh === undefined && (set === null || keepUsers.length > 0))
    throw new Problem('malformed_request', 'A set of null, and `keepUsers`, mean something with `fresh` only')
  if (fresh !== undefined && fresh !== slug) {
    const message = `must be '${slug}': all records and accounts of the app are deleted first`
    const errors = [{ pointer: '/fresh', code: 'const', message }]
    throw new Problem('validation_failed', `fresh ${message}`, { errors })
  }
  return { set, fresh: fresh !== undefined, keepUsers }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

function isUuids(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string' && UUID.test(id))
}

const DEFAULT_SET = 'default'

function setOf(model: SeedModel, wanted: string | undefined, fresh: boolean): SeedSet | undefined {
  const names = [...model.keys()]
  const found = model.get(wanted ?? (names.length === 1 ? (names[0] ?? '') : DEFAULT_SET))
  if (found !== undefined) return found
  if (wanted === undefined && names.length === 0) {
    if (fresh) return undefined
    throw new Problem('not_found', 'The app has no seed.yaml')
  }
  const list = names.length === 0 ? 'the app has no seed.yaml' : `there are ${names.join(', ')}`
  const message =
    wanted === undefined
      ? `say which set: ${list}`
      : `there is no set '${wanted.slice(0, 64)}': ${list}.${didYouMean(wanted, names)}`
  throw new Problem('validation_failed', message, { errors: [{ pointer: '/set', code: 'enum', message }] })
}

async function plant(
  deps: SeedDeps,
  app: LiveApp,
  set: SeedSet | undefined,
  { fresh, keepUsers }: Pick<Request, 'fresh' | 'keepUsers'>,
): Promise<Seeded> {
  if (set !== undefined) {
    // The costly part, before anything is locked.
    const known = fresh ? new Map() : await selectSeeds(deps.db, app.slug, set.sets)
    await deps.passwords.prepare(
      app,
      set.order.filter((record) => !known.has(keyOf(record))),
    )
  }
  const attempt = (together: boolean) =>
    deps.db
      .transaction(async (sql) => {
        await shareApp(sql, app)
        await lockSeeds(sql, app.slug)
        if (fresh) await clearApp(sql, app, app.model(deps.records), keepUsers)
        return set === undefined ? NOTHING : plantSet(sql, deps, app, set, together)
      })
      .catch((error: unknown) => {
        throw shareProblem(error)
      })
  try {
    return await attempt(true)
  } catch (error) {
    if (!(error instanceof OneByOne)) throw error
    return await attempt(false)
  }
}

const NOTHING: Seeded = { set: null, created: 0, kept: 0, records: {} }

async function plantSet(sql: Sql, deps: SeedDeps, app: LiveApp, set: SeedSet, together: boolean): Promise<Seeded> {
  const collections = app.part(deps.records)
  const planted = new Map(await selectSeeds(sql, app.slug, set.sets))
  // A name may have been another thing's in an earlier version of the document.
  const open = set.order.filter((record) => planted.get(keyOf(record))?.collection !== record.collection)
  const settings = app.part(deps.settings).values
  const drafts = draftRecords(open, planted, { collections, settings, now: deps.now() })
  const created = await createRecords(sql, app, drafts, { ...deps, collections, together })
  await rememberSeeds(sql, app.slug, drafts)
  const records = await readRecords(sql, collections, set, planted, deps.open)
  return { set: set.name, created, kept: set.order.length - created, records }
}
