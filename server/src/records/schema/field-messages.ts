import { below } from '../../errors/pointer.ts'
import type { FieldMessages } from '../model.ts'
import type { JsonSchema } from './json-schema.ts'
import { meant, type Report } from './report.ts'
import { isSchema } from './value-schema.ts'

/** The codes of what is wrong, by the keyword that says how it should be. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  required: ['required'],
  type: ['type'],
  format: ['format', 'scale'],
  enum: ['enum'],
  const: ['enum'],
  pattern: ['pattern'],
  minLength: ['too_short'],
  maxLength: ['too_long'],
  minimum: ['too_small', 'out_of_range'],
  maximum: ['too_large', 'out_of_range'],
  exclusiveMinimum: ['too_small', 'out_of_range'],
  exclusiveMaximum: ['too_large', 'out_of_range'],
  multipleOf: ['multiple_of'],
  minItems: ['too_few', 'out_of_range'],
  maxItems: ['too_many', 'out_of_range'],
  minProperties: ['too_few'],
  maxProperties: ['too_many'],
  uniqueItems: ['not_unique'],
  unique: ['taken'],
  $ref: ['reference_not_found'],
}

/** `message` and `messages` of a field; a keyword that a field has no words for is told. */
export function fieldMessages(raw: JsonSchema, pointer: string, report: Report): { readonly messages?: FieldMessages } {
  const { message, messages } = raw
  if (message === undefined && messages === undefined) return {}
  const byCode: Record<string, string> = {}
  for (const [keyword, words] of isSchema(messages) ? Object.entries(messages) : []) {
    const codes = Object.hasOwn(CODES, keyword) ? CODES[keyword] : undefined
    if (codes === undefined) {
      const at = below(pointer, 'messages', keyword)
      report(at, `'${keyword}' is no keyword that a value can break`, {
        at: 'key',
        ...meant(keyword, Object.keys(CODES)),
      })
    }
    for (const code of codes ?? []) byCode[code] ??= String(words)
  }
  return { messages: { byCode, ...(typeof message === 'string' ? { any: message } : {}) } }
}
