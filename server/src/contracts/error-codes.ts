import type { ErrorCode } from '../errors/catalogue.ts'

/** Everything that may come of any request to an app. */
const ANYWHERE = [
  'malformed_request',
  'unknown_parameter',
  'invalid_parameter',
  'not_found',
  'headers_too_large',
  'internal',
  'unavailable',
  'database_unavailable',
  'overloaded',
] as const satisfies readonly ErrorCode[]

const WITH_BODY = [
  'malformed_json',
  'request_timeout',
  'payload_too_large',
  'unsupported_media_type',
] as const satisfies readonly ErrorCode[]

const WITH_CALLER = ['invalid_token'] as const satisfies readonly ErrorCode[]

/** Records are for administrators, too, whose keys may lack the scope, or be limited to other apps. */
const OF_RECORDS = [...WITH_CALLER, 'insufficient_scope', 'forbidden'] as const satisfies readonly ErrorCode[]

/** What is read may be, or look into, a view that can not be computed. */
const READING = [...OF_RECORDS, 'query_too_costly', 'conflict'] as const satisfies readonly ErrorCode[]

/** What may be wrong with the values of a record that is written. */
const VALUES = [
  'unknown_field',
  'forbidden',
  'unique_violation',
  'overlap',
  'validation_failed',
  'check_violation',
  'ledger_unbalanced',
  'reference_not_found',
  'query_too_costly',
] as const satisfies readonly ErrorCode[]

const CHANGES = [
  ...VALUES,
  'immutable_field',
  'append_only',
  'version_mismatch',
] as const satisfies readonly ErrorCode[]

/**
 * The codes with which each operation of an app may answer. Types and OpenAPI documents list these, and a test holds what a
 * server answers against them.
 */
export const errorCodes = {
  list: [...ANYWHERE, ...READING, 'invalid_filter', 'invalid_sort', 'invalid_cursor'],
  export: [...ANYWHERE, ...READING, 'invalid_filter', 'invalid_sort'],
  exists: [...ANYWHERE, ...READING, 'invalid_filter'],
  aggregate: [...ANYWHERE, ...READING, 'invalid_filter', 'invalid_sort'],
  distinct: [...ANYWHERE, ...READING, 'invalid_filter', 'invalid_sort'],
  import: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, 'unknown_field'],
  get: [...ANYWHERE, ...READING],
  create: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...VALUES, 'idempotency_conflict'],
  update: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...CHANGES, 'patch_failed'],
  replace: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...CHANGES],
  listTrash: [...ANYWHERE, ...OF_RECORDS, 'invalid_filter', 'invalid_sort', 'invalid_cursor', 'query_too_costly'],
  restore: [
    ...ANYWHERE,
    ...OF_RECORDS,
    'unique_violation',
    'overlap',
    'validation_failed',
    'check_violation',
    'reference_not_found',
    'version_mismatch',
    'query_too_costly',
  ],
  transition: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...CHANGES, 'wrong_state', 'transition_refused'],
  listHistory: [...ANYWHERE, ...OF_RECORDS, 'invalid_cursor', 'query_too_costly'],
  revert: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...CHANGES],
  listTransitions: [...ANYWHERE, ...READING],
  upsert: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...CHANGES, 'conflict'],
  updateMatching: [...ANYWHERE, ...OF_RECORDS, ...WITH_BODY, ...CHANGES, 'invalid_filter'],
  deleteMatching: [
    ...ANYWHERE,
    ...OF_RECORDS,
    'append_only',
    'ledger_unbalanced',
    'reference_restricted',
    'invalid_filter',
    'query_too_costly',
  ],
  delete: [
    ...ANYWHERE,
    ...OF_RECORDS,
    'append_only',
    'ledger_unbalanced',
    'reference_restricted',
    'version_mismatch',
    'query_too_costly',
  ],
  batch: [
    ...ANYWHERE,
    ...OF_RECORDS,
    ...WITH_BODY,
    ...CHANGES,
    'patch_failed',
    'conflict',
    'reference_restricted',
    'idempotency_conflict',
  ],
  signUp: [...ANYWHERE, ...WITH_BODY, ...VALUES, 'signup_closed', 'rate_limited'],
  logIn: [
    ...ANYWHERE,
    ...WITH_BODY,
    'unknown_field',
    'validation_failed',
    'invalid_credentials',
    'account_suspended',
    'rate_limited',
  ],
  refresh: [...ANYWHERE, ...WITH_BODY, 'unknown_field', 'validation_failed', 'invalid_refresh_token'],
  resetPassword: [...ANYWHERE, ...WITH_BODY, 'unknown_field', 'validation_failed', 'invalid_reset_link'],
  logOut: [...ANYWHERE, ...WITH_CALLER, ...WITH_BODY, 'unknown_field', 'validation_failed', 'unauthenticated'],
  getMe: [...ANYWHERE, ...WITH_CALLER, 'unauthenticated', 'query_too_costly'],
  updateMe: [...ANYWHERE, ...WITH_CALLER, ...WITH_BODY, ...CHANGES, 'unauthenticated'],
  getKeys: ANYWHERE,
  getContract: ANYWHERE,
} as const satisfies Readonly<Record<string, readonly ErrorCode[]>>

export type Operation = keyof typeof errorCodes

/** All of them, in the order of the catalogue. */
export function codesOf(operations: readonly Operation[], catalogue: readonly ErrorCode[]): ErrorCode[] {
  const possible = new Set<ErrorCode>(operations.flatMap((operation) => errorCodes[operation]))
  return catalogue.filter((code) => possible.has(code))
}
