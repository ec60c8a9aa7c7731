import type { RangeEnd } from './range-ends.ts'

/** The type of an expression. `nullable` says that the value may be absent, which equals null. */
export type CelType =
  | { readonly kind: ScalarKind; readonly nullable: boolean }
  | { readonly kind: 'list'; readonly element: CelType; readonly nullable: boolean }
  | { readonly kind: 'map'; readonly value: CelType; readonly nullable: boolean }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, CelType>; readonly nullable: boolean }
  | { readonly kind: 'record'; readonly collection: string; readonly nullable: boolean }
  | {
      readonly kind: 'range'
      readonly of: EndKind
      /** Which ends may be absent. */
      readonly open: Readonly<Record<RangeEnd, boolean>>
      /** Digits after the point of its ends, of a field. */
      readonly scale?: number
      readonly nullable: boolean
    }

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

/** What the ends of ranges are. */
export type EndKind = 'date' | 'timestamp' | 'int' | 'decimal'
