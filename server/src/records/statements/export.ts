import { quoteName } from '../../db/quote.ts'
import { type CollectionModel, FREE } from '../model.ts'
import { orderBy } from './after-position.ts'
import { whereClause } from './client-scope.ts'
import { csvCells as cellsOf } from './csv-cell.ts'
import { type InputColumn, inputs } from './inputs.ts'
import { filterConditions, type ListInput, type ListQuery, listRules, parameterColumns } from './list.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, LIVE } from './scope.ts'
import { freeSql, type RecordShape, shapeJson } from './shape.ts'
import { sortSql } from './sort-sql.ts'

/**
 * Text of a `copy` that writes all that a list would show, whatever its limit: a record of JSON in a line, or CSV. It takes no parameters,
 * so the caller and the values of the filter stand in it as literals. What a search adds to records is left out: a file can be imported.
 */
export function exportStatement(
  app: AppCollections,
  model: CollectionModel,
  query: ListQuery,
  format: 'lines' | 'csv',
  input: ListInput,
): string {
  const rules = listRules(app, model, query)
  const columns: InputColumn<ListInput>[] = [...callerColumns(rules), ...parameterColumns(query)]
  const cells = format === 'csv' ? csvCells(app, query.shape).join(', ') : shapeJson(app, stored(query.shape), 't')
  return `copy (select ${cells}
from ${inputs('x', columns).inline([input])}
${callerJoins(app, rules)}
cross join ${model.table} t${whereClause([LIVE, ...filterConditions(app, model, query)])}
order by ${orderBy(query.sort, sortSql(app, model, 't'))}) to stdout with (${format === 'csv' ? CSV : LINES})`
}

function stored({ search: _, ...shape }: RecordShape): RecordShape {
  return shape
}

/** Free keys, of which each record has others, are one cell: JSON under the name that no field can have. */
function csvCells(app: AppCollections, { fields, free }: RecordShape): string[] {
  const cells = fields.flatMap((field) => cellsOf(app, field, 't'))
  return free === undefined ? cells : [...cells, `nullif(${freeSql(free, 't')}, '{}')::text as ${quoteName(FREE)}`]
}

const CSV = 'format csv, header'

/** Bytes as they are: JSON of PostgreSQL has no line break and no control character that would have to be quoted. */
const LINES = String.raw`format csv, quote E'\x01', escape E'\x01', delimiter E'\x02'`
