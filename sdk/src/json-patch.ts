import type { CollectionTypes } from './app-types.ts'

/** A JSON pointer (RFC 6901) to a field, or to something within it; `~1` is a slash in a key, `~0` a tilde, `-` the end of a list. */
type PointerTo<Field extends string> = `/${Field}` | `/${Field}/${string}`

type Writable<C extends CollectionTypes> = PointerTo<keyof C['update'] & string>
type Readable<C extends CollectionTypes> = PointerTo<keyof C['record'] & string>

/** One operation of a JSON patch (RFC 6902): `{ op: 'add', path: '/tags/-', value: 'new' }`. */
export type PatchOperation<C extends CollectionTypes> =
  | { readonly op: 'add' | 'replace'; readonly path: Writable<C>; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Writable<C> }
  | { readonly op: 'move'; readonly from: Writable<C>; readonly path: Writable<C> }
  | { readonly op: 'copy'; readonly from: Readable<C>; readonly path: Writable<C> }
  | { readonly op: 'test'; readonly path: Readable<C>; readonly value: unknown }
