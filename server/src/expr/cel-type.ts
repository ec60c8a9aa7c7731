/** The type of an expression. `nullable` says that the value may be absent, which equals null. */
export type CelType =
  | { readonly kind: ScalarKind; readonly nullable: boolean }
  | { readonly kind: 'list'; readonly element: CelType; readonly nullable: boolean }
  | { readonly kind: 'map'; readonly value: CelType; readonly nullable: boolean }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, CelType>; readonly nullable: boolean }
  | { readonly kind: 'record'; readonly collection: string; readonly nullable: boolean }

export type ScalarKind =
  | 'bool'
  | 'int'
  | 'double'
  | 'decimal'
  | 'string'
  | 'uuid'
  | 'timestamp'
  | 'duration'
  | 'date'
  | 'time'
  | 'null'
  | 'dyn'
