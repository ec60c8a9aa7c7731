import type { Section } from '../../apps/section.ts'
import type { Database } from '../../db/database.ts'
import { below } from '../../errors/pointer.ts'
import type { ReportRecords } from '../events.ts'
import type { Report } from '../schema/report.ts'
import { createFieldChecks } from '../validate/field-check.ts'
import { checkSettings } from './check-settings.ts'
import { type LiveSettings, liveSettings } from './live-settings.ts'
import type { SettingModels } from './model.ts'
import { sealSettings } from './seal-settings.ts'
import { settingKeys } from './setting-keys.ts'
import { type StoredSetting, selectSettings } from './sql.ts'
import { readStored, type Seal } from './stored-value.ts'

export type SettingsSection = Section<SettingModels, LiveSettings>

interface Options {
  readonly db: Pick<Database, 'query'>
  readonly seal: Seal
  readonly report: ReportRecords
}

/**
 * The `settings:` of a document. Their values belong to the installation, so they are no part of a version: they are read when the
 * app is started, and stay when it changes.
 */
export function createSettingsSection({ db, seal, report }: Options): SettingsSection {
  return {
    keys: settingKeys,
    check: (context) => checkSettings(context.document, reportTo(context.report)),
    plan: () => ({ steps: [], refusals: [] }),
    snapshot: () => null,

    /** A value that the new schema refuses: nothing is put in its place silently, since rules may hang on it. */
    async examine(models, { app, sql }) {
      if (models.size === 0) return []
      const checks = createFieldChecks()
      const stored = await selectSettings(sql, app)
      return [...models.values()].flatMap((model) => {
        const row = stored.get(model.name)
        const read = row === undefined ? undefined : readStored(model, row, checks, seal, app)
        if (read === undefined || read.fits) return []
        const message = `the value that is set here ${read.why}; take it back first: roadbase apps set ${app} ${model.name}=null`
        return [{ pointer: below('/settings', model.name), message }]
      })
    },

    async activate(models, { slug }) {
      const stored = models.size === 0 ? new Map<string, StoredSetting>() : await selectSettings(db, slug)
      await sealSettings(db, seal, slug, models, stored)
      const live = liveSettings(slug, models, stored, seal)
      for (const { name, why } of live.ignored) report({ type: 'settings.ignored', app: slug, setting: name, why })
      if (live.missing.length > 0) report({ type: 'settings.missing', app: slug, settings: live.missing })
      return live
    },
    warn: ({ missing, ignored }, app) => [
      ...missing.map((name) => `the setting '${name}' is required, and not set: roadbase apps set ${app} ${name}=…`),
      ...ignored.map(({ name, why }) => `what is set for '${name}' is not used: it ${why}`),
    ],
    retire: () => {},
  }
}

function reportTo(report: (issue: Parameters<Report>[2] & { pointer: string; message: string }) => void): Report {
  return (pointer, message, more = {}) => report({ pointer, message, ...more })
}
