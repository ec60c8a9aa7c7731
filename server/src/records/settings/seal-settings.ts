import type { Database } from '../../db/database.ts'
import type { SettingModels } from './model.ts'
import { type StoredSetting, updateSealed } from './sql.ts'
import { type Seal, sealName } from './stored-value.ts'

/** What was set before it became a secret is sealed now: nobody has to set it again for that. */
export async function sealSettings(
  db: Pick<Database, 'query'>,
  seal: Pick<Seal, 'close'>,
  app: string,
  models: SettingModels,
  stored: ReadonlyMap<string, StoredSetting>,
): Promise<void> {
  for (const { name, secret } of models.values()) {
    const value = stored.get(name)?.value
    if (!secret || value === undefined || value === null) continue
    const sealed = seal.close(Buffer.from(value), sealName(app, name)).toString('hex')
    await updateSealed(db, app, { name, value, sealed })
  }
}
