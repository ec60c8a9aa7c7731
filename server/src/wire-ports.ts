import { documentSchema } from './apps/document/document-schema.ts'
import { type AppActs, type Apps, errorsSection } from './apps/index.ts'
import type { LiveApp, SomeSection } from './apps/section.ts'
import {
  type Auth,
  admitToRecords,
  authenticateAdmin,
  authSection,
  changeAdminPassword,
  createAdmin,
  createFirstAdmin,
  createKey,
  createUser,
  deleteAdmin,
  deleteUser,
  getJwks,
  getMe,
  listAdmins,
  listAudit,
  listKeys,
  listUsers,
  logIn,
  logInAdmin,
  logOut,
  logOutAdmin,
  makeResetLink,
  refreshSession,
  resetPassword,
  revokeKey,
  signedInToJson,
  signUp,
  updateMe,
  updateUser,
} from './auth/index.ts'
import { createContracts } from './contracts/index.ts'
import { apiPage, type ControlPorts } from './control/index.ts'
import type { Ports } from './http/index.ts'
import * as records from './records/index.ts'

interface Parts {
  readonly apps: Apps
  readonly isSucceeded: (app: LiveApp) => Promise<boolean>
  readonly pauses: Ports<LiveApp, records.Collection>['apps']['pauses']
  readonly visits: Ports<LiveApp, records.Collection>['apps']['visits']
  readonly acts: AppActs
  readonly auth: Auth
  readonly section: records.RecordsSection
  /** All of them. */
  readonly sections: readonly SomeSection[]
  readonly publicUrl: string
  readonly settings: records.SettingsDeps
  readonly seeds: records.SeedDeps
  readonly views: records.AppViewsDeps
}

/** The operations behind the data plane's routes. */
export function httpPorts(
  { apps, isSucceeded, pauses, visits, auth, section, seeds, publicUrl }: Parts,
  system: Ports<LiveApp, records.Collection>['system'],
): Ports<LiveApp, records.Collection> {
  const { accounts } = auth
  const usersOf = (app: LiveApp): records.Collection => {
    const users = app.part(section).get('users')
    if (users === undefined) throw new Error(`The app '${app.slug}' has no users`)
    return users
  }
  const exports = records.createGate({ most: 8, each: 2 })
  // Fewer than there are sessions, of which loading an app needs one.
  const imports = records.createGate({ most: 2, each: 1 })
  const contracts = createContracts<LiveApp>({
    sourceOf: (app) => ({
      slug: app.slug,
      version: app.version,
      title: app.title,
      description: app.description,
      collections: app.model(section),
      errors: app.model(errorsSection),
      auth: app.model(authSection),
      seeds: new Map([...app.model(seeds.seeds)].map(([set, { entries }]) => [set, entries])),
    }),
    url: publicUrl,
  })
  return {
    system,
    contracts: { ...contracts, page: (app) => apiPage(app.title) },
    apps: {
      get: apps.get,
      collection: (app, name) => app.part(section).get(name),
      identify: auth.verifier.verify,
      isSucceeded,
      pauses,
      visits,
    },
    records: {
      get: records.getRecord,
      list: records.listRecords,
      export: (...request) => records.exportRecords(exports, ...request),
      aggregate: records.aggregateRecords,
      distinct: records.distinctValues,
      exists: records.recordExists,
      create: records.createRecord,
      import: (...request) => records.importRecords(imports, ...request),
      validate: records.validateRecord,
      update: records.updateRecord,
      validateUpdate: records.validateUpdate,
      replace: records.replaceRecord,
      validateReplace: records.validateReplace,
      upsert: records.upsertRecord,
      validateUpsert: records.validateUpsert,
      updateMatching: records.updateMatching,
      deleteMatching: records.deleteMatching,
      delete: records.deleteRecord,
      transition: records.transitionRecord,
      listTransitions: records.listTransitions,
      listTrash: records.listTrash,
      restore: records.restoreRecord,
      listHistory: records.listHistory,
      revert: records.revertRecord,
    },
    batches: {
      run(app, caller, input) {
        const found = app.part(section)
        const { app: around } = usersOf(app)
        const open = caller.administrator !== undefined
        return records.runBatch(
          around,
          {
            names: around.collections.keys(),
            get(name) {
              const collection = found.get(name)
              return open && collection !== undefined ? records.openCollection(collection) : collection
            },
          },
          caller,
          input,
        )
      },
    },
    administrators: {
      admit: (request) => admitToRecords(auth.admins, request),
      open: records.openCollection,
      audit: (act) => auth.admins.audit(act),
    },
    accounts: {
      signUp: async (app, caller, body) => signedInToJson(await signUp(accounts, app, caller, body)),
      logIn: async (app, caller, body) => signedInToJson(await logIn(accounts, app, caller, body)),
      refresh: async (app, caller, body) => signedInToJson(await refreshSession(accounts, app, caller, body)),
      logOut: (app, caller, body) => logOut(accounts, app, caller, body),
      getMe: (app, caller, input) =>
        getMe(
          { getUser: (_, who, id, more) => records.getRecord(usersOf(app), who, { ...more, id }) },
          app,
          caller,
          input,
        ),
      updateMe: (app, caller, input) =>
        updateMe(
          { updateUser: (_, who, id, more) => records.updateRecord(usersOf(app), who, { ...more, id }) },
          app,
          caller,
          input,
        ),
      resetPassword: async (app, caller, body) => {
        const { userId } = await resetPassword(accounts, app, caller, body)
        const { id: requestId, ip } = caller.request
        const by = { kind: 'user', id: userId, name: 'user' } as const
        await auth.admins.audit({ by, action: 'user.password_reset', app: app.slug, target: userId, ip, requestId })
      },
      jwks: () => getJwks(auth),
    },
  }
}

/** The operations behind the control plane's endpoints. */
export function controlPorts({
  apps,
  isSucceeded,
  pauses,
  visits,
  acts,
  auth: { accounts, admins },
  sections,
  settings,
  seeds,
  views,
}: Parts): ControlPorts<LiveApp> {
  return {
    apps: { get: apps.get, isSucceeded, pauses, visits },
    acts,
    authenticate: (authorization) => authenticateAdmin(admins, { authorization }),
    audit: (entry) => admins.audit(entry),
    titleOf: (app) => app.title,
    documentSchemas: () => ({ app: documentSchema(sections), seed: records.seedSchema() }),
    setUp: (ip, body) => createFirstAdmin(admins, ip, body),
    logIn: (ip, body) => logInAdmin(admins, ip, body),
    logOut: (admin) => logOutAdmin(admins, admin),
    changePassword: (admin, ip, body) => changeAdminPassword(admins, admin, ip, body),
    keys: {
      create: (admin, request) => createKey(admins, admin, request),
      list: (admin) => listKeys(admins, admin),
      revoke: (admin, id) => revokeKey(admins, admin, id),
    },
    admins: {
      create: (admin, body) => createAdmin(admins, admin, body),
      list: () => listAdmins(admins),
      delete: (admin, id) => deleteAdmin(admins, admin, id),
    },
    listAudit: (admin, query) => listAudit(admins, admin, query),
    settings: {
      list: (app) => records.listSettings(settings, app),
      set: (admin, app, changes) => records.setSettings(settings, app, changes, admin.name),
    },
    seed: (app, request) => records.seedApp(seeds, app, request),
    views: {
      list: (app) => records.listViews(views, app),
      refresh: (app, name) => records.refreshAppView(views, app, name),
    },
    users: {
      list: (admin, app, query) => listUsers(accounts, admin, app, query),
      create: (admin, app, request) => createUser(accounts, admin, app, request),
      update: (admin, app, id, body) => updateUser(admins, admin, app, id, body),
      delete: (admin, app, request) => deleteUser(accounts, admin, app, request),
      makeResetLink: (admin, app, id) => makeResetLink(admins, admin, app, id),
    },
  }
}
