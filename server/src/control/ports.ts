import type { AppActs } from '../apps/index.ts'
import type {
  AdminCaller,
  AdminRequest,
  AdminSignedIn,
  AuditEntry,
  AuditPage,
  AuditQuery,
  KeyRequest,
  ListedAdmin,
  ResetLink,
  StoredKey,
  UsersQuery,
} from '../auth/index.ts'
import type { Ports } from '../http/index.ts'
import type { AppView, Seeded, SettingItem } from '../records/index.ts'

type AppVersions<A> = Ports<A, unknown>['apps']

/** What every endpoint has around it. */
export interface KitPorts {
  /** Who sends this header; throws when nobody does. */
  authenticate(authorization: string | undefined): Promise<AdminCaller>
  /** Keeps what was done. It has happened by then, so this does not fail. */
  audit(entry: AuditEntry): Promise<void>
}

/** What the control plane calls: operations of the rooms below. `A` is a live app, opaque here. */
export interface ControlPorts<A> extends KitPorts {
  setUp(ip: string, body: unknown): Promise<AdminSignedIn>
  logIn(ip: string, body: unknown): Promise<AdminSignedIn>
  logOut(admin: AdminCaller): Promise<void>
  changePassword(
    admin: AdminCaller,
    ip: string,
    body: { readonly current: string; readonly password: string },
  ): Promise<void>
  apps: Pick<AppVersions<A>, 'get' | 'isSucceeded' | 'pauses' | 'visits'>
  /** What administrators do with apps. */
  acts: AppActs
  /** What the app is called, for people. */
  titleOf(app: A): string
  keys: {
    create(admin: AdminCaller, request: KeyRequest): Promise<StoredKey & { readonly key: string }>
    list(admin: AdminCaller): Promise<readonly StoredKey[]>
    revoke(admin: AdminCaller, id: string): Promise<StoredKey>
  }
  admins: {
    create(admin: AdminCaller, body: { readonly email: string; readonly password: string }): Promise<ListedAdmin>
    list(): Promise<readonly ListedAdmin[]>
    delete(admin: AdminCaller, id: string): Promise<void>
  }
  /** The JSON Schemas of `app.yaml` and of `seed.yaml`. */
  documentSchemas(): { readonly app: object; readonly seed: object }
  listAudit(admin: AdminCaller, query: AuditQuery): Promise<AuditPage>
  settings: {
    list(app: A): Promise<{ readonly items: readonly SettingItem[] }>
    set(admin: AdminCaller, app: A, changes: unknown): Promise<{ readonly items: readonly SettingItem[] }>
  }
  seed(app: A, request: unknown): Promise<Seeded>
  views: {
    list(app: A): Promise<{ readonly items: readonly AppView[] }>
    refresh(app: A, name: string): Promise<AppView>
  }
  users: {
    /** JSON text `{items, nextCursor}`. */
    list(admin: AdminCaller, app: A, query: AdminRequest & UsersQuery): Promise<string>
    create(
      admin: AdminCaller,
      app: A,
      request: AdminRequest & { readonly body: unknown },
    ): Promise<{ readonly id: string; readonly json: string }>
    update(admin: AdminCaller, app: A, id: string, body: unknown): Promise<unknown>
    delete(admin: AdminCaller, app: A, request: AdminRequest & { readonly id: string }): Promise<void>
    makeResetLink(admin: AdminCaller, app: A, id: string): Promise<ResetLink>
  }
}
