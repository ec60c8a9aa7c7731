import type { LiveApp } from '../../apps/section.ts'
import type { Database } from '../../db/database.ts'
import { createFieldChecks } from '../validate/field-check.ts'
import type { SettingsSection } from './section.ts'
import { selectSettings } from './sql.ts'
import { readStored, type Seal } from './stored-value.ts'

export interface SettingsDeps {
  readonly db: Pick<Database, 'query' | 'transaction'>
  readonly section: SettingsSection
  readonly seal: Seal
  /** Starts the app's present version once more; resolves when it is served. */
  readonly refresh: (slug: string) => Promise<void>
}

export interface SettingItem {
  readonly name: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly required: boolean
  readonly secret: boolean
  readonly isSet: boolean
  /** What holds: what is set, else the default. Null for a secret, set or not. */
  readonly value: unknown
  readonly default: unknown
  /** Why what is set does not hold. */
  readonly problem?: string
  readonly updatedAt: string | null
  readonly updatedBy: string | null
}

/** The settings of an app, as they are in the database. Never a secret. */
export async function listSettings(
  { db, section, seal }: Pick<SettingsDeps, 'db' | 'section' | 'seal'>,
  app: LiveApp,
): Promise<{ readonly items: readonly SettingItem[] }> {
  const models = app.model(section)
  const stored = models.size === 0 ? new Map() : await selectSettings(db, app.slug)
  const checks = createFieldChecks()
  const items = [...models.values()].map((model): SettingItem => {
    const row = stored.get(model.name)
    const read = row === undefined ? undefined : readStored(model, row, checks, seal, app.slug)
    const preset = model.default ?? null
    const value = read?.fits === true ? read.value : preset
    return {
      name: model.name,
      schema: model.documented,
      required: model.required,
      secret: model.secret,
      isSet: row !== undefined,
      value: model.secret ? null : value,
      default: preset,
      ...(read?.fits === false ? { problem: read.why } : {}),
      updatedAt: row?.updatedAt ?? null,
      updatedBy: row?.updatedBy ?? null,
    }
  })
  return { items }
}
