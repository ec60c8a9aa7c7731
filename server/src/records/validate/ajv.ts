import type { FuncKeywordDefinition, SchemaValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type DigitSpec, digitCheck } from './digits.ts'
import { canonicalForms, plainFormats } from './formats.ts'
import { patternEngine } from './re2.ts'
import { isStorableJson } from './storable.ts'

/**
 * An ajv for field schemas. `allErrors` tells everything that is wrong with a value, at a price that grows with the value;
 * without it the first error ends the work.
 */
export function fieldAjv(options: { readonly allErrors: boolean }): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    // `type` is seen to when the document is checked, with better words.
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: options.allErrors,
    addUsedSchema: false,
    // Schemas come out of the document's checks; reading the meta-schema again would take longer than all of them.
    meta: false,
    validateSchema: false,
    // `__proto__`, `constructor` and relatives are no keys that a value has by itself.
    ownProperties: true,
    code: { regExp: patternEngine },
  })
  for (const [format, canonical] of Object.entries(canonicalForms)) {
    ajv.addFormat(format, { type: 'string', validate: (text: string) => canonical(text) !== undefined })
  }
  for (const [format, validate] of Object.entries(plainFormats)) ajv.addFormat(format, { type: 'string', validate })
  ajv.addKeyword(digitsKeyword)
  ajv.addKeyword(storableKeyword)
  return ajv
}

/** `digits: {scale, precision, minimum…}`: what `format: decimal` and `int64` become, since ajv's bounds are for numbers. */
const digitsKeyword: FuncKeywordDefinition = {
  keyword: 'digits',
  type: 'string',
  schemaType: 'object',
  errors: true,
  compile: (spec: DigitSpec) => {
    const check = digitCheck(spec)
    const validate: SchemaValidateFunction = (text: string) => {
      const result = check(text)
      if (typeof result === 'string') return true
      validate.errors = [{ keyword: 'digits', message: result.message, params: { code: result.code } }]
      return false
    }
    return validate
  },
}

/** `storable: true`, once around a value that is kept as `jsonb`. */
const storableKeyword: FuncKeywordDefinition = {
  keyword: 'storable',
  schemaType: 'boolean',
  validate: (_on: boolean, data: unknown) => isStorableJson(data),
  errors: false,
}
