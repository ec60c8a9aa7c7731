import { literalSql } from '../schema/column-default.ts'
import { createFieldChecks } from '../validate/field-check.ts'
import type { SettingModel, SettingModels } from './model.ts'
import type { StoredSetting } from './sql.ts'
import { readStored, type Seal } from './stored-value.ts'

/** What an installation has set, while a version of the app is served. */
export interface LiveSettings {
  /** Of all that expressions read: what is set, else the default, else null. */
  readonly values: Readonly<Record<string, unknown>>
  /** The same as constants of SQL. */
  readonly constants: ReadonlyMap<string, string>
  /** A secret that is set. */
  secret(name: string): unknown
  /** Required, and not set. */
  readonly missing: readonly string[]
  /** Set, but of no use: each with the reason. */
  readonly ignored: readonly { readonly name: string; readonly why: string }[]
}

export function liveSettings(
  app: string,
  models: SettingModels,
  stored: ReadonlyMap<string, StoredSetting>,
  seal: Seal,
): LiveSettings {
  const checks = createFieldChecks()
  const values: Record<string, unknown> = {}
  const secrets = new Map<string, unknown>()
  const missing: string[] = []
  const ignored: { name: string; why: string }[] = []
  for (const model of models.values()) {
    const { name } = model
    const row = stored.get(name)
    const read = row === undefined ? undefined : readStored(model, row, checks, seal, app)
    if (read?.fits === false) ignored.push({ name, why: read.why })
    const value = read?.fits === true ? read.value : (model.default ?? null)
    if (value === null && model.required) missing.push(name)
    if (model.secret) secrets.set(name, value)
    else values[name] = value
  }
  return {
    values,
    constants: constantsOf(models, values),
    secret: (name) => secrets.get(name) ?? null,
    missing,
    ignored,
  }
}

function constantsOf(models: SettingModels, values: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const readable = [...models.values()].filter(({ secret }) => !secret)
  return new Map(readable.map((model) => [model.name, constant(model, values[model.name])]))
}

function constant({ type }: SettingModel, value: unknown): string {
  if (value === null || value === undefined) return `null::${type.pg.replace(/ collate .*$/i, '')}`
  return literalSql(value, type)
}
