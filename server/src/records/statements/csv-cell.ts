import { quoteName } from '../../db/quote.ts'
import { RANGE_ENDS } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'
import { maskedColumn } from './client-scope.ts'
import { jsonOfField, rangeEnd } from './record-json.ts'
import type { AppCollections } from './reference.ts'

/** A field as cells of CSV: one, or of a range its two ends. */
export function csvCells(app: AppCollections, field: FieldModel, alias: string): string[] {
  const { end } = field.type
  if (end === undefined) return [csvCell(app, field, alias)]
  const range = maskedColumn(app, field, alias)
  return RANGE_ENDS.map((name) => {
    const cell = plainCell(end, rangeEnd(end, name, range))
    return `${cell} as ${quoteName(`${field.name}.${name}`)}`
  })
}

/**
 * A field as a cell of CSV: NULL where it has no value or the caller may not read it, which `copy` writes as nothing and tells apart
 * from the empty text `""`. Objects, lists and values of any type are JSON.
 */
function csvCell(app: AppCollections, field: FieldModel, alias: string): string {
  return `${cellOf(field, maskedColumn(app, field, alias), alias)} as ${quoteName(field.name)}`
}

/**
 * Where an apostrophe is put before a text: a spreadsheet would run what follows as a formula. Texts that look as if they had got one
 * already get one, too, so that reading can take away exactly what writing has put there.
 */
const FORMULA = String.raw`'^(?=[=+@\t\r\n-]|''[=+@\t\r\n''-])'`

function cellOf(field: FieldModel, column: string, alias: string): string {
  switch (cellKind(field)) {
    case 'text':
      return `regexp_replace(${column}, ${FORMULA}, '''')`
    case 'json':
      return `case when (${column}) is not null then ${jsonOfField(field, `${alias}.${quoteName(field.column)}`)} end`
    case 'time':
    case 'plain':
      return plainCell(field.type, column)
  }
}

function plainCell({ cel }: Pick<FieldModel['type'], 'cel'>, column: string): string {
  return cel.kind === 'timestamp' ? `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : `(${column})::text`
}

/** How a cell is written: `text` may begin with anything, so also with what spreadsheets take for a formula. */
export function cellKind({ type }: FieldModel): 'text' | 'json' | 'time' | 'plain' {
  switch (type.cel.kind) {
    case 'map':
    case 'object':
    case 'dyn':
    case 'list':
    case 'range':
      return 'json'
    case 'timestamp':
      return 'time'
    case 'bool':
    case 'int':
    case 'double':
    case 'decimal':
    case 'uuid':
    case 'date':
    case 'time':
    case 'duration':
      return 'plain'
    case 'record':
      return type.pg === 'text' || type.pg.startsWith('text ') ? 'text' : 'plain'
    default:
      return 'text'
  }
}
