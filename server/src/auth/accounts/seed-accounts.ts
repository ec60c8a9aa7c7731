import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import type { AccountsDeps } from './deps.ts'
import { insertCredentials } from './sql.ts'

/** What making accounts out of `seed.yaml` needs of this room: passwords like everybody's. */
export function seedAccounts({ passwords, policy }: Pick<AccountsDeps, 'passwords' | 'policy'>) {
  return {
    checkPassword: (password: string, email: string) => policy.check(password, email),
    hashPassword: (password: string) => passwords.hash(password),
    insertCredentials: (sql: Sql, app: LiveApp, userId: string, passwordHash: string) =>
      insertCredentials(sql, app, userId, passwordHash),
  }
}
