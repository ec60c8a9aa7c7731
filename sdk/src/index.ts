export type { AggregateItem, AggregateOptions, DistinctOptions } from './aggregate.ts'
export type { AppTypes, CollectionTypes, RoleOf, StoredRecord, UntypedApp, User } from './app-types.ts'
export type { Auth, Credentials } from './auth/auth.ts'
export { localStorageStore, memoryStore, type SessionStore } from './auth/session-store.ts'
export { type BatchOperation, type BatchResults, type RecordName, type RunBatch, ref } from './batch.ts'
export type {
  ChangeOptions,
  Collection,
  CreateOptions,
  DeleteOptions,
  ExistsOptions,
  HistoryOptions,
  Matching,
  MatchingOptions,
  Page,
  ServedCollection,
  Transition,
  Trash,
  UpsertOptions,
  Version,
  ViewCollection,
  WriteOptions,
  Written,
} from './collection.ts'
export { type Client, type ClientOptions, createClient } from './create-client.ts'
export type { ServerErrorCode } from './error-codes.ts'
export type { Expand, ExpandOptions, ExpandTree, Shaped } from './expand.ts'
export type { FieldReference, FieldsOf } from './field-reference.ts'
export { allOf, anyOf, type Filter, type FilterValue, filter, rawFilter } from './filter.ts'
export type { PatchOperation } from './json-patch.ts'
export type { Deleted, Found, InTrash, ListOptions, ReadOptions, SearchOptions } from './list-query.ts'
export type { ListOperator, NumberOperator, OperatorFor, WithOperators } from './operators.ts'
export {
  type ClientErrorCode,
  type ErrorCode,
  type ErrorWith,
  type FieldError,
  RoadbaseError,
} from './roadbase-error.ts'
export type { SortKey } from './sort-key.ts'
export type {
  ExportOptions,
  FileFormat,
  ImportError,
  ImportFile,
  ImportOptions,
  ImportProgress,
  ImportResult,
} from './transfer.ts'
export type { CallOptions } from './transport.ts'
