/** The fields that every stored record has. */
export interface StoredRecord {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  /** Goes up with every change; `ifMatch` compares it. */
  readonly version: number
}

/** What a collection holds and takes, as `createClient`'s type parameter says it. */
export interface CollectionTypes {
  /** As it is read. */
  readonly record: object
  /** What `create` and `replace` take. */
  readonly create: object
  /** What `update` takes: every field optional. Operators are added to it by the SDK. */
  readonly update: object
  /** The records that `expand` can bring, by name of the relation: a record, or a list of them. */
  readonly expand?: object
  /** The types of the collections that these are of, for what lies within an `expand`. Without it, little is known of that. */
  readonly relations?: object
  /** As it is read from the trash. Without it the collection has none. */
  readonly trashed?: object
  /** Every version of its records is kept. Without it there is no history to read or to go back in. */
  readonly history?: true
  /** Records are only added: nobody changes or deletes one. */
  readonly appendOnly?: true
  /** The operators that fields know: `{ stars: '$inc' | '$min' | '$max' }`. Without it they are guessed by the fields' types. */
  readonly operators?: object
  /** What filters may name; of a relation, the fields of the other collection. Without it, what is in the record. */
  readonly filter?: object
  /** What lists can be sorted by. Without it, every field of the record. */
  readonly sort?: string
  /** Its records come from a view: they are read, and nobody writes them. */
  readonly view?: true
  /** The names of the transitions between the states of a record. Without it there are none. */
  readonly transitions?: string
}

/**
 * The type parameter of `createClient`: `{ collections: { todos: { record: Todo, create: …, update: … } } }`.
 * It refers to itself so that interfaces fit as well as type literals.
 */
export interface AppTypes<T> {
  readonly collections: { readonly [C in keyof CollectionsOf<T>]: CollectionTypes }
  /** What users can be made. */
  readonly roles?: string
  /** The codes of the errors that the app answers with. */
  readonly errors?: string
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds?: object
}

type CollectionsOf<T> = T extends { readonly collections: infer C } ? C : never

export type CollectionName<T> = keyof CollectionsOf<T> & string

export type CollectionOf<T, C extends CollectionName<T>> = CollectionsOf<T>[C] extends infer Types extends
  CollectionTypes
  ? Types
  : never

export type RoleOf<T> = T extends { readonly roles: infer R extends string } ? R : string

/** Without a type parameter every collection exists, and its fields are `unknown`. */
export interface UntypedApp {
  readonly collections: Readonly<Record<string, UntypedCollection>>
}

/** The codes that the app answers with. */
export type ErrorOf<T> = T extends { readonly errors: infer E extends string } ? E : string

interface UntypedCollection {
  readonly record: StoredRecord & Readonly<Record<string, unknown>>
  readonly create: Readonly<Record<string, unknown>>
  readonly update: Readonly<Record<string, unknown>>
  readonly expand: Readonly<Record<string, unknown>>
  readonly trashed: StoredRecord & Readonly<Record<string, unknown>>
  readonly history: true
  readonly transitions: string
}

/** The signed-in user: the record of `users`, if the app's types have that collection. */
export type UserOf<T> = CollectionsOf<T> extends { readonly users: { readonly record: infer U } } ? U : User

export interface User extends StoredRecord {
  readonly email: string
  /** Given by administrators; which permissions each grants is in the app's document. */
  readonly roles: readonly string[]
  readonly suspended: boolean
  readonly [field: string]: unknown
}

/** What a sign-up takes beside e-mail address and password. */
export type ProfileOf<T> =
  CollectionsOf<T> extends { readonly users: { readonly create: infer P } }
    ? Omit<P, 'email' | 'password'>
    : Readonly<Record<string, unknown>>

/** What `updateMe` takes. */
export type UserUpdateOf<T> =
  CollectionsOf<T> extends { readonly users: { readonly update: infer P } } ? P : Readonly<Record<string, unknown>>
