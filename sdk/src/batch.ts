import type { AppTypes, CollectionName, CollectionOf, CollectionTypes } from './app-types.ts'
import { type CreateOptions, randomKey, type Written } from './collection.ts'
import type { PatchOperation } from './json-patch.ts'
import type { WithOperators } from './operators.ts'
import type { Send } from './transport.ts'

/** Stands for the id of the record that an earlier operation of the batch names so. */
export interface RecordName {
  readonly $ref: string
}

/** The id of the record that an earlier operation of the batch names so: `{ create: 'comments', data: { post: ref('p') } }`. */
export function ref(name: string): RecordName {
  return { $ref: name }
}

/** Values, each of which may be the id of a record of the batch. */
type WithNames<V> = {
  readonly [F in keyof V]:
    | V[F]
    | RecordName
    | (NonNullable<V[F]> extends readonly (infer E)[] ? readonly (E | RecordName)[] : never)
}

type IdOf<C extends CollectionTypes> = C['record'] extends { readonly id: infer I extends string | number } ? I : string

interface Named {
  /** How later operations refer to the record. */
  readonly as?: string
}

interface Target<C extends CollectionTypes> {
  readonly id: IdOf<C> | RecordName
  /** The version that was read: if the record has changed since, nothing of the batch happens. */
  readonly ifMatch?: number
}

type OperationOn<N extends string, C extends CollectionTypes> =
  | ({ readonly create: N; readonly data: WithNames<C['create']> } & Named)
  | ({ readonly update: N; readonly data: WithNames<WithOperators<C>> | readonly PatchOperation<C>[] } & Target<C> &
      Named)
  | ({ readonly replace: N; readonly data: WithNames<C['create']> } & Target<C> & Named)
  /** `by`: the fields of a unique key, with commas between. */
  | ({ readonly upsert: N; readonly by: string; readonly data: WithNames<C['create']> } & Named)
  | ({ readonly delete: N } & Target<C>)

/** One write of a batch. */
export type BatchOperation<T> = { [N in CollectionName<T>]: OperationOn<N, CollectionOf<T, N>> }[CollectionName<T>]

type Name<O> = O extends
  | { readonly create: infer N }
  | { readonly update: infer N }
  | { readonly replace: infer N }
  | { readonly upsert: infer N }
  ? N
  : never

type ResultOf<T, O, P> = O extends { readonly delete: string }
  ? null
  : Name<O> extends infer N extends CollectionName<T>
    ? P extends 'minimal'
      ? Written<IdOf<CollectionOf<T, N>>>
      : CollectionOf<T, N>['record']
    : never

/** What each operation alone would answer; null for a delete. */
export type BatchResults<T, O extends readonly unknown[], P> = { readonly [I in keyof O]: ResultOf<T, O[I], P> }

type Prefer = 'representation' | 'minimal' | undefined

/** Writes that happen together, or not at all: in their order, each seeing what the ones before it have written. */
export type RunBatch<T extends AppTypes<T>> = <
  const O extends readonly BatchOperation<T>[],
  P extends Prefer = undefined,
>(
  operations: O,
  options?: CreateOptions<P>,
) => Promise<BatchResults<T, O, P>>

export function createBatch<T extends AppTypes<T>>(send: Send): RunBatch<T> {
  async function run(operations: readonly unknown[], options: CreateOptions<Prefer> = {}): Promise<unknown> {
    const { prefer, idempotencyKey, signal, timeout } = options
    const key = idempotencyKey === true ? randomKey() : idempotencyKey
    const answer = await send({
      method: 'POST',
      path: '/batch',
      body: { operations },
      headers: { 'idempotency-key': key, prefer: prefer === undefined ? undefined : `return=${prefer}` },
      signal,
      timeout,
      repeatable: key !== undefined,
    })
    return (answer as { readonly results: unknown }).results
  }
  // The server's word is taken for the shape of its answers.
  return run as RunBatch<T>
}
