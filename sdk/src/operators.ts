import type { CollectionTypes } from './app-types.ts'

/**
 * Changes that the database computes from the stored value, so that none is lost when several come at once.
 * Decimals and 64-bit integers are strings, and so are their operands.
 */
export type NumberOperator<V> = Operator<'$inc' | '$min' | '$max', V>

export type ListOperator<E> = Operator<'$append' | '$remove' | '$addUnique', readonly E[]>

type OperatorName = '$inc' | '$min' | '$max' | '$append' | '$remove' | '$addUnique'

/** One of these operators, on a value of type V. */
type Operator<N, V> = N extends '$append' | '$remove' | '$addUnique'
  ? V extends readonly (infer E)[]
    ? Only<N, E | readonly E[]>
    : never
  : N extends OperatorName
    ? Only<N, V>
    : never

/** Two operators in one object would be no operator. */
type Only<N extends OperatorName, Operand> = { readonly [O in N]: Operand } & {
  readonly [O in Exclude<OperatorName, N>]?: never
}

/** The operators that fit a field's type, where nothing says which the field knows. */
export type OperatorFor<V> = [V] extends [readonly (infer E)[]]
  ? ListOperator<E>
  : [V] extends [number]
    ? NumberOperator<number>
    : [V] extends [string]
      ? NumberOperator<string>
      : unknown extends V
        ? NumberOperator<number | string> | ListOperator<unknown>
        : never

type OperatorOf<C extends CollectionTypes, F extends keyof C['update']> = C extends { readonly operators: infer O }
  ? F extends keyof O
    ? Operator<O[F], NonNullable<C['update'][F]>>
    : never
  : OperatorFor<NonNullable<C['update'][F]>>

/** An update's fields, each as a new value or as an operator. */
export type WithOperators<C extends CollectionTypes> = {
  readonly [F in keyof C['update']]: C['update'][F] | OperatorOf<C, F>
}
