import type { AnySchemaObject, ValidateFunction } from 'ajv'
import { LRUCache } from 'lru-cache'
import { lazily } from '../lazily.ts'
import { fieldAjv } from './ajv.ts'

/** Of a few kilobytes each. */
const MAX_COMPILED = 1_000

/**
 * Compiles the schema of a field, or finds it compiled: compiling takes half a millisecond, most fields are alike, and an app that
 * gets a new version has most of them as before. What is compiled depends on nothing but the schema, so all apps share it.
 */
export function compileSchema(schema: AnySchemaObject, options: { readonly allErrors: boolean }): ValidateFunction {
  const key = JSON.stringify(schema)
  const { ajv, compiled } = options.allErrors ? forAll() : forFirst()
  const known = compiled.get(key)
  if (known !== undefined) return known
  try {
    const made = ajv.compile(schema)
    compiled.set(key, made)
    return made
  } finally {
    // It would keep every schema it has ever seen.
    ajv.removeSchema(schema)
  }
}

const forFirst = lazily(() => compiler({ allErrors: false }))
const forAll = lazily(() => compiler({ allErrors: true }))

function compiler(options: { readonly allErrors: boolean }) {
  return { ajv: fieldAjv(options), compiled: new LRUCache<string, ValidateFunction>({ max: MAX_COMPILED }) }
}
