/** What the control plane calls: operations of the rooms below. `A` is a live app, opaque here; `Admin` whoever administers. */
export interface ControlPorts<A, Admin> {
  /** Who sends this header; throws when nobody does. */
  authenticate(authorization: string | undefined): Promise<Admin>
  setUp(ip: string, body: unknown): Promise<unknown>
  logIn(ip: string, body: unknown): Promise<unknown>
  logOut(admin: Admin): Promise<void>
  apps: {
    get(slug: string): A | undefined
    status(): readonly AppSummary[]
  }
  updateUser(admin: Admin, app: A, id: string, body: unknown): Promise<unknown>
}

export interface AppSummary {
  readonly slug: string
  readonly state: string
  readonly version: number | undefined
  readonly title: string | undefined
  readonly issues: readonly unknown[]
  readonly since: Date
}
