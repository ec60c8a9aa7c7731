/**
 * Accounts: the `auth:` section of documents, the users of apps (`accounts/`), and the administrators of the server (`admins/`).
 * Operations on users are `(deps, app, caller, input) -> result`.
 */

export { getJwks } from './accounts/get-jwks.ts'
export { getMe } from './accounts/get-me.ts'
export { logIn } from './accounts/log-in.ts'
export { logOut } from './accounts/log-out.ts'
export { refreshSession } from './accounts/refresh-session.ts'
export { signUp } from './accounts/sign-up.ts'
export { signedInToJson } from './accounts/signed-in.ts'
export { updateMe } from './accounts/update-me.ts'
export { type Actor, type AuditEntry, actorOf } from './admins/audit-entry.ts'
export { authenticateAdmin } from './admins/authenticate-admin.ts'
export { createFirstAdmin } from './admins/create-first-admin.ts'
export { type AdminCaller, MACHINE } from './admins/deps.ts'
export { logInAdmin } from './admins/log-in-admin.ts'
export { logOutAdmin } from './admins/log-out-admin.ts'
export { makeSetupLink } from './admins/make-setup-link.ts'
export { hasScope, type Scope } from './admins/scopes.ts'
export { updateUser } from './admins/update-user.ts'
export { authEvents } from './events.ts'
export { type Auth, openAuth } from './open-auth.ts'
export { authSection } from './section.ts'
