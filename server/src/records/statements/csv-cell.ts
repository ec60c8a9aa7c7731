import { quoteName } from '../../db/quote.ts'
import type { FieldModel } from '../model.ts'
import { maskedColumn } from './client-scope.ts'
import { jsonOfField } from './record-json.ts'
import type { AppCollections } from './reference.ts'

/**
 * A field as a cell of CSV: NULL where it has no value or the caller may not read it, which `copy` writes as nothing and tells apart
 * from the empty text `""`. Objects, lists and values of any type are JSON.
 */
export function csvCell(app: AppCollections, field: FieldModel, alias: string): string {
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
      return `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    case 'plain':
      return `(${column})::text`
  }
}

/** How a cell is written: `text` may begin with anything, so also with what spreadsheets take for a formula. */
export function cellKind({ type }: FieldModel): 'text' | 'json' | 'time' | 'plain' {
  switch (type.cel.kind) {
    case 'map':
    case 'object':
    case 'dyn':
    case 'list':
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
