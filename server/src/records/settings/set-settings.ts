import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import { didYouMean } from '../../errors/did-you-mean.ts'
import { pointer } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import { shareApp, shareProblem } from '../share-app.ts'
import { createFieldChecks } from '../validate/field-check.ts'
import { isObject } from '../validate/merge-patch.ts'
import { listSettings, type SettingItem, type SettingsDeps } from './list-settings.ts'
import type { SettingModel, SettingModels } from './model.ts'
import { deleteSetting, upsertSetting } from './sql.ts'
import { type Seal, sealName } from './stored-value.ts'

/** Characters of JSON. A value that expressions read is written into each statement that reads it. */
const LONGEST_VALUE = 4096
const LONGEST_SECRET = 65_536

/**
 * Sets `{name: value}`, null for back to the default; others stay as they are. All of them or none. When it returns, this server
 * serves the app with the new values; requests that had begun before end with the old ones.
 */
export async function setSettings(
  deps: SettingsDeps,
  app: LiveApp,
  body: unknown,
  by: string,
): Promise<{ readonly items: readonly SettingItem[] }> {
  const { db, section, seal } = deps
  const { slug } = app
  const changes = readChanges(app.model(section), body)
  await db
    .transaction(async (sql) => {
      await shareApp(sql, app)
      for (const change of changes) await store(sql, seal, slug, change, by)
    })
    .catch((error: unknown) => {
      throw shareProblem(error)
    })
  if (changes.length > 0) await deps.refresh(slug)
  return listSettings(deps, app)
}

async function store(sql: Sql, seal: Seal, app: string, { name, secret, value }: Change, by: string): Promise<void> {
  if (value === null) return deleteSetting(sql, app, name)
  const text = JSON.stringify(value)
  const sealed = secret ? seal.close(Buffer.from(text), sealName(app, name)).toString('hex') : null
  await upsertSetting(sql, app, { name, value: secret ? null : text, sealed, updatedBy: by })
}

interface Change {
  readonly name: string
  readonly secret: boolean
  readonly value: unknown
}

function readChanges(models: SettingModels, body: unknown): readonly Change[] {
  if (!isObject(body)) throw new Problem('malformed_request', 'The body must be a JSON object')
  const unknown = Object.keys(body).filter((name) => !models.has(name))
  if (unknown.length > 0) {
    const errors = unknown.map((name) => ({
      pointer: pointer(name),
      code: 'unknown_field',
      message: whyUnknown(name, models),
    }))
    throw new Problem('unknown_field', `${unknown[0]} ${errors[0]?.message}`, { errors })
  }
  const checks = createFieldChecks()
  const errors: Violation[] = []
  const changes = Object.entries(body).flatMap(([name, sent]): Change[] => {
    const model = models.get(name)
    if (model === undefined) return []
    const value = sent === null ? null : checks.of(model.schema)(sent, pointer(name), errors)
    const long = tooLong(model, value)
    if (long !== undefined) errors.push({ pointer: pointer(name), code: 'too_long', message: long })
    return [{ name, secret: model.secret, value }]
  })
  const [first] = errors
  if (first !== undefined)
    throw new Problem('validation_failed', `${first.pointer.slice(1)} ${first.message}`, { errors })
  return changes
}

function whyUnknown(name: string, models: SettingModels): string {
  return models.size === 0
    ? 'is not a setting: this app has none'
    : `is not a setting of this app.${didYouMean(name, models.keys())}`
}

function tooLong({ secret }: SettingModel, value: unknown): string | undefined {
  const limit = secret ? LONGEST_SECRET : LONGEST_VALUE
  return value !== undefined && JSON.stringify(value).length > limit
    ? `must have at most ${limit} characters as JSON`
    : undefined
}
