import type { CelType } from '../cel-type.ts'
import type { Decimal } from '../values/decimal.ts'
import type { DateAccessor } from '../values/zones.ts'

/**
 * A node of the typed tree. Both compilers follow one contract: a node yields a value, null where its type is nullable,
 * or an error; what is null at run time although the type says otherwise is an error.
 */
export type Node = Facts &
  (
    | { readonly op: 'literal'; readonly value: Literal }
    | { readonly op: 'variable'; readonly name: string }
    | { readonly op: 'local'; readonly local: Local }
    /** A field of a record; where the record is itself a reference, it is followed. */
    | { readonly op: 'column'; readonly row: Node; readonly collection: string; readonly field: string }
    /** The id of a record, or what a reference holds. */
    | { readonly op: 'id'; readonly of: Node }
    | { readonly op: 'member'; readonly of: Node; readonly name: string }
    | { readonly op: 'entry'; readonly of: Node; readonly key: Node }
    | { readonly op: 'item'; readonly of: Node; readonly at: Node }
    | { readonly op: 'has'; readonly of: Node }
    | { readonly op: 'not'; readonly of: Node }
    | { readonly op: 'and' | 'or'; readonly args: readonly Node[] }
    | { readonly op: 'if'; readonly test: Node; readonly yes: Node; readonly no: Node }
    | (Pair & { readonly op: 'equal'; readonly negated: boolean })
    | (Pair & { readonly op: 'compare'; readonly operator: Ordering })
    /** Membership in a list that is written out: each item with the needle as it compares to it. */
    | { readonly op: 'in items'; readonly pairs: readonly Pair[]; readonly anyCaller: boolean; readonly needle: Node }
    | { readonly op: 'in list'; readonly needle: Node; readonly list: Node }
    /** An id in a list of references. */
    | { readonly op: 'in entries'; readonly needle: Node; readonly list: Node }
    | { readonly op: 'in keys'; readonly needle: Node; readonly map: Node }
    | (Pair & { readonly op: 'arithmetic'; readonly operator: Arithmetic })
    | { readonly op: 'negate'; readonly of: Node }
    /** To a kind in which the value can be compared; null stays null. */
    | { readonly op: 'convert'; readonly of: Node }
    | { readonly op: 'call'; readonly name: FunctionName; readonly args: readonly Node[] }
    | { readonly op: 'matches'; readonly of: Node; readonly pattern: string; readonly are: string }
    | { readonly op: 'part'; readonly of: Node; readonly accessor: DateAccessor; readonly zone: string | undefined }
    | { readonly op: 'day'; readonly of: Node; readonly zone: string }
    | { readonly op: 'can'; readonly roles: readonly string[]; readonly auth: Node }
    /** What lies between two values; a null is no bound where {@link mayBeOpen} says so. */
    | { readonly op: 'range'; readonly from: Node; readonly until: Node }
    | { readonly op: 'list'; readonly items: readonly Node[] }
    | { readonly op: 'map'; readonly entries: readonly (readonly [string, Node])[] }
    | {
        readonly op: 'macro'
        readonly macro: MacroName
        readonly over: Node
        readonly local: Local
        readonly test: Node | undefined
        readonly result: Node | undefined
      }
    | {
        readonly op: 'lookup'
        readonly collection: string
        readonly local: Local
        readonly test: Node
        /** Over a relation back: clients find what a list would show them. */
        readonly back?: true
      }
  )

interface Facts {
  readonly type: CelType
  /** It may err, other than by a null that its type does not tell of. */
  readonly errs: boolean
  /** Nodes below and including this one, as often as they are used: the measure of what is generated. */
  readonly size: number
  /** Its value may be a null that only says that nobody is signed in; then it equals nothing, and differs from nothing. */
  readonly caller: boolean
  /** Bounds of an int, where they are narrower than 64 bits. */
  readonly range?: Range
  /** Most digits after the point of a decimal. */
  readonly scale?: number
}

export interface Pair {
  readonly left: Node
  readonly right: Node
}

/** Booleans; ints as bigint, timestamps and durations in milliseconds as number; everything else as its text. */
export type Literal = boolean | bigint | number | string | Decimal | null

/** A variable of a macro. Compared by identity, so that terms can't capture it. */
export interface Local {
  readonly name: string
  readonly type: CelType
}

export type Range = readonly [bigint, bigint]
export type Ordering = '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'
export type MacroName = 'all' | 'exists' | 'exists_one' | 'map' | 'filter'

export type FunctionName =
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'lowerAscii'
  | 'upperAscii'
  | 'trim'
  | 'split'
  | 'size of string'
  | 'size of list'
  | 'size of map'
  | 'int'
  | 'double'
  | 'string'
  | 'decimal'
  | 'timestamp'
  | 'getDays'
  | 'getHours'
  | 'getMinutes'
  | 'getSeconds'
  | 'getMilliseconds'
  | 'from of range'
  | 'until of range'
  | 'contains value'
  | 'contains range'
  | 'overlaps'

export type NodeOf<O extends Node['op']> = Extract<Node, { readonly op: O }>
