import type { Violation } from '../../errors/problem.ts'
import type { FieldChecks } from '../validate/field-check.ts'
import type { SettingModel } from './model.ts'
import type { StoredSetting } from './sql.ts'

/** Keeps secrets that lie in the database; `name` says what a secret belongs to, and must be the same to open it. */
export interface Seal {
  close(secret: Buffer, name: string): Buffer
  open(sealed: Buffer, name: string): Buffer | undefined
}

export type ReadValue =
  | { readonly fits: true; readonly value: unknown }
  /** In words that hold nothing of the value. */
  | { readonly fits: false; readonly why: string }

/** What is stored for a setting, as its model wants it. */
export function readStored(
  model: SettingModel,
  stored: StoredSetting,
  checks: FieldChecks,
  seal: Seal,
  app: string,
): ReadValue {
  const text = stored.sealed === null ? stored.value : open(stored, seal, app)
  if (text === undefined || text === null)
    return { fits: false, why: 'was sealed with another master key, and can not be read' }
  if (stored.sealed !== null && !model.secret)
    return { fits: false, why: 'was set as a secret, and would be shown to whoever may see settings' }
  const errors: Violation[] = []
  const value = checks.of(model.schema)(JSON.parse(text), '', errors)
  const [error] = errors
  return error === undefined
    ? { fits: true, value }
    : { fits: false, why: `does not fit any more: it ${error.message}` }
}

/** Binds a secret to its place, so that rows can not be swapped. */
export function sealName(app: string, name: string): string {
  return `${app}/${name}`
}

function open({ name, sealed }: StoredSetting, seal: Seal, app: string): string | undefined {
  return seal.open(Buffer.from(sealed ?? '', 'hex'), sealName(app, name))?.toString('utf8')
}
