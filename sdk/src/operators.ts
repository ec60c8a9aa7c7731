/**
 * Changes that the database computes from the stored value, so that none is lost when several come at once.
 * Decimals and 64-bit integers are strings, and so are their operands.
 */
export type NumberOperator<V> = { readonly $inc: V } | { readonly $min: V } | { readonly $max: V }

export type ListOperator<E> =
  | { readonly $append: E | readonly E[] }
  | { readonly $remove: E | readonly E[] }
  | { readonly $addUnique: E | readonly E[] }

/** The operators that fit a field's type. */
export type OperatorFor<V> = [V] extends [readonly (infer E)[]]
  ? ListOperator<E>
  : [V] extends [number]
    ? NumberOperator<number>
    : [V] extends [string]
      ? NumberOperator<string>
      : unknown extends V
        ? NumberOperator<number | string> | ListOperator<unknown>
        : never

/** An update's fields, each as a new value or as an operator. */
export type WithOperators<U> = { readonly [F in keyof U]: U[F] | OperatorFor<NonNullable<U[F]>> }
