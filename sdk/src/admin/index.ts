export { type ErrorCode, type FieldError, RoadbaseError } from '../roadbase-error.ts'
export type { CallOptions } from '../transport.ts'
export type {
  Admin,
  AdminCredentials,
  AdminSession,
  Admins,
  Audit,
  AuditEntry,
  AuditOptions,
  CreatedKey,
  Key,
  Keys,
  NewKey,
  PasswordChange,
  Scope,
} from './access.ts'
export type {
  AppDetails,
  AppSource,
  AppSummary,
  Apps,
  ConsentOptions,
  Loaded,
  Origin,
  Remain,
  Seeded,
  SeededRecord,
  SeedOptions,
  Setting,
  Version,
  VersionDetails,
  View,
} from './apps.ts'
export { type AdminClient, type AdminOptions, createAdmin } from './create-admin.ts'
export type { Folder } from './make-tar.ts'
export type { NewUser, PageOptions, ResetLink, UserChanges, Users, UsersOptions } from './people.ts'
export {
  type DocumentIssue,
  issuesOf,
  type Plan,
  type PlanChange,
  type PlanStep,
  type PlanWork,
  planOf,
} from './plan.ts'
