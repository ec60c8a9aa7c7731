import type { Command } from '../command.ts'
import { createAdmin } from './admin/create.ts'
import { checkApp } from './apps/check.ts'
import { dropApp } from './apps/drop.ts'
import { initApp } from './apps/init.ts'
import { listApps } from './apps/list.ts'
import { loadApp } from './apps/load.ts'
import { planApp } from './apps/plan.ts'
import { purgeApp } from './apps/purge.ts'
import { refreshView } from './apps/refresh.ts'
import { retireApp } from './apps/retire.ts'
import { rollbackApp } from './apps/rollback.ts'
import { seedApp } from './apps/seed.ts'
import { setApp } from './apps/set.ts'
import { showApp } from './apps/show.ts'
import { listVersions } from './apps/versions.ts'
import { watchApp } from './apps/watch.ts'
import { completion } from './completion.ts'
import { checkConfig } from './config/check.ts'
import { showConfig } from './config/show.ts'
import { help } from './help.ts'
import { createKey } from './keys/create.ts'
import { listKeys } from './keys/list.ts'
import { revokeKey } from './keys/revoke.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { openapi } from './openapi.ts'
import { createRecord } from './records/create.ts'
import { deleteRecord } from './records/delete.ts'
import { exportRecords } from './records/export.ts'
import { getRecord } from './records/get.ts'
import { importRecords } from './records/import.ts'
import { listRecords } from './records/list.ts'
import { updateRecord } from './records/update.ts'
import { serve } from './serve.ts'
import { types } from './types.ts'
import { createUser } from './users/create.ts'
import { listUsers } from './users/list.ts'
import { resetUser } from './users/reset.ts'
import { changeRoles } from './users/roles.ts'
import { suspendUser } from './users/suspend.ts'
import { showVersion } from './version.ts'

/** The table of contents of the command line, in the order of its help. */
export const commands: readonly Command[] = [
  serve,

  initApp,
  checkApp,
  planApp,
  loadApp,
  watchApp,
  listApps,
  showApp,
  listVersions,
  rollbackApp,
  seedApp,
  setApp,
  refreshView,
  purgeApp,
  retireApp,
  dropApp,

  listRecords,
  getRecord,
  createRecord,
  updateRecord,
  deleteRecord,
  exportRecords,
  importRecords,

  listUsers,
  createUser,
  changeRoles,
  suspendUser,
  resetUser,

  types,
  openapi,

  login,
  logout,
  listKeys,
  createKey,
  revokeKey,
  createAdmin,

  checkConfig,
  showConfig,

  completion,
  showVersion,
  help,
]

/** First words that stand for several commands. */
export const groups: readonly { readonly name: string; readonly summary: string }[] = [
  { name: 'apps', summary: 'the apps of a server: begin, check, plan, load, roll back' },
  { name: 'records', summary: 'the records of an app' },
  { name: 'users', summary: 'the accounts of an app' },
  { name: 'keys', summary: 'keys for programs that administer' },
  { name: 'admin', summary: 'the people who administer' },
  { name: 'config', summary: 'the settings of the server' },
]
