import type { CollectionTypes } from './app-types.ts'

declare const named: unique symbol

/** A field by its name, for filters. Only collections make them. */
export interface FieldReference {
  readonly [named]: true
}

/** The fields that filters of a collection may name, and what is below them. */
export type FieldsOf<C extends CollectionTypes> = References<
  C extends { readonly filter: infer F extends object } ? F : C['record']
>

type References<T> = { readonly [F in keyof T]-?: FieldReference & Below<NonNullable<T[F]>> }

/** Of objects whose keys are known, and of relations. */
type Below<V> = V extends string | number | boolean | readonly unknown[]
  ? unknown
  : V extends object
    ? string extends keyof V
      ? unknown
      : References<V>
    : unknown

/** No key of parsed JSON, so nothing from outside can pass for a reference. */
const PATH = Symbol('path')

const NAME = /^[A-Za-z]\w*$/

/** An object of which every property is a field, and every property of that one below it. */
export function createFields(path = ''): object {
  return new Proxy(Object.freeze({}), {
    get(_target, name) {
      if (name === PATH) return path
      if (typeof name === 'symbol') return undefined
      // A name that a program takes from somebody must not become an expression.
      if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a field`)
      return createFields(path === '' ? name : `${path}.${name}`)
    },
  })
}

/** The text of a reference in an expression, or undefined if the value is none. */
export function pathOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const path = (value as { readonly [PATH]?: unknown })[PATH]
  return typeof path === 'string' && path !== '' ? path : undefined
}
