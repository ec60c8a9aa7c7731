/** Accounts: the `auth:` section of documents, the users of apps, and the administrators of the server. */

export type { AccountsDeps } from './accounts/deps.ts'
export { getJwks } from './accounts/get-jwks.ts'
export { getMe } from './accounts/get-me.ts'
export { logIn } from './accounts/log-in.ts'
export { logOut } from './accounts/log-out.ts'
export { refreshSession } from './accounts/refresh-session.ts'
// Users of apps: (deps, app, caller, input) -> result
export { signUp } from './accounts/sign-up.ts'
export { type SignedIn, signedInToJson } from './accounts/signed-in.ts'
export { updateMe } from './accounts/update-me.ts'
export { authenticateAdmin } from './admins/authenticate-admin.ts'
export { createFirstAdmin } from './admins/create-first-admin.ts'
export type { AdminCaller, AdminsDeps } from './admins/deps.ts'
export { logInAdmin } from './admins/log-in-admin.ts'
export { logOutAdmin } from './admins/log-out-admin.ts'
// Administrators of the server
export { makeSetupLink } from './admins/make-setup-link.ts'
export { updateUser } from './admins/update-user.ts'
export { type AuthEvent, authEvents, type ReportAuthEvent } from './events.ts'
export { type Auth, type AuthOptions, openAuth } from './open-auth.ts'
export { type AuthModel, authSection } from './section.ts'
// Their access tokens
export type { Identity, TokenVerifier } from './tokens/verify-access-token.ts'
