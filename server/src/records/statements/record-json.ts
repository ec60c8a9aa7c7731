import { quoteText } from '../../db/quote.ts'
import { RANGE_ENDS, type RangeEnd } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'

/** How one member of a record's JSON is made: its name, its value as SQL, and when it is there at all. */
export interface JsonMember {
  readonly name: string
  /** SQL text expression that yields JSON, never NULL. */
  readonly json: string
  /** SQL condition for the member to be there; absent = always. */
  readonly when?: string
}

/**
 * SQL for a JSON object as text, by concatenation: measured at 4.9 µs a record of 7 fields
 * against 6.0 µs with `json_build_object`, and it keeps the document's order of fields. `rest` is a `jsonb` object whose members
 * follow: none of them may have the name of another.
 */
export function jsonObject(members: readonly JsonMember[], rest?: string): string {
  if (members.length === 0) return rest === undefined ? `'{}'` : `(${rest})::text`
  const [first] = members
  const pieces = members.map((member, index) => {
    // A first member that may be missing leaves a comma in front, which is cut off below.
    const comma = index === 0 && first?.when === undefined ? '' : ','
    const piece = `${quoteText(`${comma}${JSON.stringify(member.name)}:`)} || ${member.json}`
    return member.when === undefined ? piece : `case when ${member.when} then ${piece} else '' end`
  })
  if (rest !== undefined) pieces.push(inside(rest))
  const body = first?.when === undefined ? balanced(pieces) : `substr(${balanced(pieces)}, 2)`
  return `('{' || ${body} || '}')`
}

/** The members of a `jsonb` object, with a comma before them where there are any. */
function inside(object: string): string {
  return `case when ${object} = '{}' then '' else ',' || left(substr(${object}::text, 2), -1) end`
}

/** A field's value, which is `column` in SQL, as JSON text, `null` included. */
export function jsonOfField(field: FieldModel, column: string): string {
  const json = jsonOfValue(field.type, column)
  return field.required && field.type.cel.kind !== 'timestamp' ? json : `coalesce(${json}, 'null')`
}

type JsonType = Pick<FieldModel['type'], 'cel' | 'json' | 'pg' | 'end'>

/** A value of the type as JSON text; NULL where it is null. */
export function jsonOfValue(type: JsonType, column: string): string {
  switch (type.cel.kind) {
    case 'range':
      return jsonOfRange(type, column)
    case 'bool':
      return `(${column})::text`
    case 'int':
      return type.json === 'string' ? `'"' || ${column} || '"'` : `(${column})::text`
    case 'decimal':
    case 'uuid':
    case 'date':
    case 'time':
    case 'duration':
      return `'"' || ${column} || '"'`
    case 'timestamp':
      // Not finite (only SQL can store that) gives NULL, which is told as null.
      return `'"' || to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'`
    case 'record':
      return type.pg === 'uuid' ? `'"' || ${column} || '"'` : `to_json(${column})::text`
    case 'map':
    case 'object':
    case 'dyn':
      return `(${column})::text`
    case 'list':
      return type.pg === 'jsonb' ? `(${column})::text` : `to_json(${column})::text`
    default:
      return `to_json(${column})::text`
  }
}

function jsonOfRange({ end }: JsonType, column: string): string {
  const members = RANGE_ENDS.map((name) => {
    const json = end === undefined ? 'null' : jsonOfValue(end, rangeEnd(end, name, column))
    return `${quoteText(`${JSON.stringify(name)}:`)} || coalesce(${json}, 'null')`
  })
  return `case when (${column}) is not null then '{' || ${members.join(` || ',' || `)} || '}' end`
}

/** An end of the range that is `column` in SQL; NULL where it is open. */
export function rangeEnd({ pg, cel }: Pick<FieldModel['type'], 'cel' | 'pg'>, name: RangeEnd, column: string): string {
  const value = `${name === 'from' ? 'lower' : 'upper'}(${column})`
  // A `numrange` has the digits with which it was written.
  return cel.kind === 'decimal' ? `(${value})::${pg}` : value
}

/** `a || b || c` as a balanced tree, so that a wide record is not copied once per field. */
function balanced(pieces: readonly string[]): string {
  if (pieces.length <= 4) return pieces.join(' || ')
  const half = Math.ceil(pieces.length / 2)
  return `(${balanced(pieces.slice(0, half))}) || (${balanced(pieces.slice(half))})`
}
