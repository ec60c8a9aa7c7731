import { isStorableText } from '../../db/storable-text.ts'
import { canonicalUuid } from '../../db/uuid.ts'
import { ExpressionError } from '../expression-error.ts'
import type { Ast } from '../parse.ts'
import { parseDecimal } from '../values/decimal.ts'
import { parseDuration } from '../values/durations.ts'
import { canonicalTime, isDate, parseTimestamp } from '../values/instants.ts'
import { literal } from './build.ts'
import type { Node, NodeOf } from './node.ts'
import { inInt64 } from './ranges.ts'
import { fail } from './scope.ts'

/** A value written in the expression. */
export function checkLiteral(ast: Extract<Ast, { op: 'value' }>): Node {
  const value = ast.args
  if (value === null) return literal('null', null)
  switch (typeof value) {
    case 'boolean':
      return literal('bool', value)
    case 'number':
      return literal('double', value)
    case 'bigint':
      // 2^63 is legal as what a minus stands before; `negate` looks again.
      if (value > 2n ** 63n) fail('the number does not fit into 64 bits', ast)
      return literal('int', value)
    case 'string':
      if (!isStorableText(value)) fail('the text has a character that is none (U+0000 or half a surrogate pair)', ast)
      return literal('string', value)
    default:
      return fail(
        value instanceof Uint8Array ? 'there are no bytes here' : 'there are no unsigned numbers here',
        ast,
        'leave the letter away',
      )
  }
}

/** After the sign is known: an int must fit. */
export function settleInt(node: Node, ast: { readonly start: number }): Node {
  if (node.op === 'literal' && typeof node.value === 'bigint' && !inInt64([node.value, node.value])) {
    fail('the number does not fit into 64 bits', ast)
  }
  return node
}

type TextKind = 'uuid' | 'date' | 'time' | 'timestamp' | 'duration' | 'decimal'

const EXAMPLES: Readonly<Record<TextKind, string>> = {
  uuid: '0190163d-8694-739b-aea5-966c26f8ad91',
  date: '2026-02-28',
  time: '09:30:00',
  timestamp: '2026-02-28T09:30:00Z',
  duration: '15m',
  decimal: '12.50',
}

/** The value that a text stands for where a value of the kind is wanted. */
export function readAs(kind: TextKind, text: string): NodeOf<'literal'> | undefined {
  const value = parsers[kind](text)
  return value === undefined ? undefined : literal(kind, value)
}

export function readOrFail(kind: TextKind, text: string, ast: { readonly start: number }): NodeOf<'literal'> {
  const node = readAs(kind, text)
  if (node !== undefined) return node
  const article = kind === 'uuid' ? 'an id' : `a ${kind}`
  throw new ExpressionError(`'${text.slice(0, 60)}' is not ${article}`, ast.start, `write it like '${EXAMPLES[kind]}'`)
}

const parsers = {
  uuid: canonicalUuid,
  date: (text: string) => (isDate(text) ? text : undefined),
  time: canonicalTime,
  timestamp: parseTimestamp,
  duration: parseDuration,
  decimal: parseDecimal,
}
