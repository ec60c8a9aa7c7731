import { quoteText } from '../../db/quote.ts'
import type { NodeOf } from '../check/node.ts'
import { DOUBLE_PATTERN, INT_PATTERN } from '../values/number-texts.ts'
import { codePoints, WHITE_SPACE } from '../values/strings.ts'
import { dateParts, fromZero, postgresZone } from '../values/zones.ts'
import type { Compiler } from './compiler.ts'
import { atom, cast, type Fragment, operand, operation } from './fragment.ts'
import { parsed, parseText } from './json.ts'
import { doubleOf, int64Of, truncated, within } from './numbers.ts'
import { endSql, rangeSql } from './ranges.ts'
import { nativeList } from './string-list.ts'
import { daysBetween } from './times.ts'

/** Functions; NULL in, NULL out. */
export function callSql(compiler: Compiler, node: NodeOf<'call'>): Fragment {
  const [first, second] = node.args
  if (first === undefined) throw new Error(`${node.name} without a value`)
  const a = compiler.value(first)
  const b = second === undefined ? atom('null') : compiler.value(second)
  switch (node.name) {
    case 'contains':
      return operation(`strpos(${a.text}, ${b.text}) > 0`)
    case 'startsWith':
      return atom(`starts_with(${a.text}, ${b.text})`)
    case 'endsWith':
      return endsWith(node, a, b)
    case 'lowerAscii':
      return atom(`lower(${operand(a)} collate "C")`)
    case 'upperAscii':
      return atom(`upper(${operand(a)} collate "C")`)
    case 'trim':
      return atom(`btrim(${a.text}, ${WHITE_SPACE_SQL})`)
    case 'split':
      // With the separator in front there is always a first part to drop, so that '' gives one empty part as in CEL.
      return atom(`to_jsonb((string_to_array(${operand(b)} || ${operand(a)}, ${b.text}))[2:])`)
    case 'size of string':
      return atom(`char_length(${a.text})::bigint`)
    case 'size of list': {
      const array = nativeList(compiler, first)
      if (array !== undefined) return atom(`cardinality(coalesce(${array.text}, '{}'))::bigint`)
      return atom(`jsonb_array_length(${a.text})::bigint`)
    }
    case 'size of map':
      return atom(`jsonb_array_length(jsonb_path_query_array(${a.text}, 'strict $.keyvalue()'))::bigint`)
    case 'getDays':
      return daysBetween(compiler, first) ?? elapsed(a, 86400)
    case 'getHours':
      return elapsed(a, 3600)
    case 'getMinutes':
      return elapsed(a, 60)
    case 'getSeconds':
      return elapsed(a, 1)
    case 'getMilliseconds':
      return int64Of(atom(`trunc(extract(epoch from ${a.text}) * 1000)`))
    case 'from of range':
      return endSql(first.type, rangeSql(compiler, first), 'from')
    case 'until of range':
      return endSql(first.type, rangeSql(compiler, first), 'until')
    case 'contains value':
      return operation(`${operand(rangeSql(compiler, first))} @> ${operand(b)}`)
    case 'contains range':
      return operation(`${operand(rangeSql(compiler, first))} @> ${operand(rangeSql(compiler, second ?? first))}`)
    case 'overlaps':
      return operation(`${operand(rangeSql(compiler, first))} && ${operand(rangeSql(compiler, second ?? first))}`)
    default:
      return conversion(node, first.type.kind, a)
  }
}

function conversion({ name }: NodeOf<'call'>, from: string, a: Fragment): Fragment {
  switch (`${from} to ${name}`) {
    case 'double to int':
      return truncated(a)
    case 'decimal to int':
      return int64Of(atom(`trunc(${a.text})`))
    case 'string to int':
      return int64Of(parsed(a, INT_PATTERN, 'numeric'))
    case 'timestamp to int':
      return int64Of(atom(`floor(extract(epoch from ${a.text}))`))
    case 'int to double':
      return cast(a, 'double precision')
    case 'decimal to double':
      return doubleOf(a)
    case 'string to double':
      return parsed(a, DOUBLE_PATTERN, 'double precision')
    case 'int to decimal':
      return cast(a, 'numeric')
    case 'string to decimal':
      return parseText(a, 'decimal')
    case 'string to timestamp':
      return parseText(a, 'timestamp')
    case 'int to timestamp':
      return atom(`to_timestamp(${within(a, '-62135596801', '253402300800')}::double precision)`)
    case 'timestamp to string':
      return atom(`to_char(${operand(a)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)
    case 'duration to string':
      return operation(`trim_scale(extract(epoch from ${a.text}))::text || 's'`)
    default:
      return cast(a, 'text')
  }
}

function endsWith({ args }: NodeOf<'call'>, a: Fragment, b: Fragment): Fragment {
  const [, end] = args
  if (end?.op === 'literal' && typeof end.value === 'string')
    return operation(`right(${a.text}, ${codePoints(end.value)}) = ${operand(b)}`)
  return atom(`starts_with(reverse(${a.text}), reverse(${b.text}))`)
}

function elapsed(duration: Fragment, seconds: number): Fragment {
  return int64Of(atom(`trunc(extract(epoch from ${duration.text})${seconds === 1 ? '' : ` / ${seconds}`})`))
}

const WHITE_SPACE_SQL = `U&'${[...WHITE_SPACE].map((char) => `\\${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join('')}'`

/** `t.getMonth('Europe/Berlin')`. */
export function partSql(compiler: Compiler, { of, accessor, zone }: NodeOf<'part'>): Fragment {
  const value = compiler.value(of)
  const place = zone === undefined ? '' : `, ${quoteText(postgresZone(zone))}`
  const part = atom(`roadbase.date_part('${dateParts[accessor]}', ${value.text}${place})`)
  return fromZero.has(accessor) ? operation(`${part.text} - 1`) : part
}

/** `date(t, 'Europe/Berlin')`. */
export function daySql(compiler: Compiler, { of, zone }: NodeOf<'day'>): Fragment {
  return atom(`roadbase.local_date(${compiler.value(of).text}, ${quoteText(postgresZone(zone))})`)
}
