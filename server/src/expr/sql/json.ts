import { quoteText } from '../../db/quote.ts'
import { UUID_PATTERN } from '../../db/uuid.ts'
import type { CelType } from '../cel-type.ts'
import { DECIMAL } from '../values/decimal.ts'
import { DURATION_PATTERN } from '../values/durations.ts'
import { DATE_PATTERN, TIME_PATTERN, TIMESTAMP_PATTERN } from '../values/instants.ts'
import { atom, cast, type Fragment, NULL, operand } from './fragment.ts'
import { int64Of, smallDoubleOf } from './numbers.ts'
import { rangeInJson } from './ranges.ts'

/** A value out of `jsonb` as SQL of its type. What is of another kind, or no valid text of the type, is NULL: nothing here raises. */
export function readJson(json: Fragment, type: CelType): Fragment {
  const text = atom(`(${operand(json)} #>> '{}')`)
  switch (type.kind) {
    case 'bool':
      return ofKind(json, 'boolean', cast(json, 'boolean'))
    case 'string':
      return ofKind(json, 'string', text)
    case 'int': {
      const number = cast(json, 'numeric')
      const whole = atom(`case when trunc(${number.text}) = ${number.text} then ${int64Of(number).text} end`)
      const digits = int64Of(parsed(text, '^-?[0-9]{1,19}$', 'numeric'))
      return atom(
        `case jsonb_typeof(${json.text}) when 'number' then ${whole.text} when 'string' then ${digits.text} end`,
      )
    }
    case 'double':
      return ofKind(json, 'number', smallDoubleOf(cast(json, 'numeric')))
    case 'list':
      return ofKind(json, 'array', json)
    case 'map':
    case 'object':
      return ofKind(json, 'object', json)
    case 'dyn':
      return atom(`nullif(${json.text}, 'null'::jsonb)`)
    case 'null':
      return NULL
    case 'range':
      return rangeInJson(json, type.of, readJson)
    case 'record':
    case 'uuid':
      return parsed(atom(`lower(${text.text})`), UUID_PATTERN, 'uuid')
    default:
      return parseText(text, type.kind)
  }
}

/** A text as a value of the kind; NULL for what is none. */
export function parseText(text: Fragment, kind: 'date' | 'time' | 'timestamp' | 'duration' | 'decimal'): Fragment {
  switch (kind) {
    case 'date':
      return parsed(text, DATE_PATTERN, 'date')
    case 'time':
      return parsed(text, TIME_PATTERN, 'time(3)')
    case 'timestamp':
      return parsed(text, TIMESTAMP_PATTERN, 'timestamptz')
    case 'duration':
      return parsed(text, DURATION_PATTERN, 'interval(3)')
    case 'decimal':
      return parsed(text, DECIMAL.source, 'numeric')
  }
}

/** `substring` gives NULL where the pattern does not match, so the cast only sees what it can read. */
export function parsed(text: Fragment, pattern: string, type: string): Fragment {
  return atom(`substring(${text.text} from ${quoteText(pattern)})::${type}`)
}

function ofKind(json: Fragment, kind: string, value: Fragment): Fragment {
  return atom(`case jsonb_typeof(${json.text}) when '${kind}' then ${value.text} end`)
}
