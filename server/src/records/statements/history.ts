import { quoteName, quoteText } from '../../db/quote.ts'
import { storedFields } from '../computed.ts'
import { type CollectionModel, type HistoryModel, idField } from '../model.ts'
import { expiryField, hasCome, rowsOf } from '../schema/expiry.ts'
import { ACTION, AT, BY, ENTRY, FOUND, historyTable, lastVersion, pastFields } from '../schema/history.ts'
import { allOf } from './condition-list.ts'
import { inputs } from './inputs.ts'
import type { ReadInput, Statement } from './read.ts'
import { jsonObject } from './record-json.ts'
import type { AppCollections } from './reference.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { shapeJson, shapeRules, wholeRecord } from './shape.ts'

export interface HistoryInput extends ReadInput {
  /** The entry after which the page begins. */
  readonly after: string | null
  /** Only this version. */
  readonly version: string | null
}

/** One row per entry; `position` and `json` are null where there is none for this caller. */
export interface HistoryRow {
  readonly live: boolean
  readonly position: string | null
  readonly json: string | null
}

/** What became of one record, the newest first. The last parameter, behind the inputs, is how many entries. */
export function historyStatement(
  app: AppCollections,
  model: CollectionModel,
  history: HistoryModel,
): Statement<HistoryInput> {
  const past = { ...model, fields: pastFields(model) }
  const shape = wholeRecord(past)
  const rules = [history.view, history.read, ...shapeRules(app, shape)]
  const columns = [
    ...callerColumns(rules),
    { name: 'id', pg: idField(model).type.pg, value: (input: HistoryInput) => input.id },
    { name: 'after', pg: 'bigint', value: (input: HistoryInput) => input.after },
    { name: 'version', pg: 'bigint', value: (input: HistoryInput) => input.version },
  ]
  const rows = inputs<HistoryInput>('x', columns)
  const entry = jsonObject([
    { name: 'version', json: 't.version::text' },
    { name: 'at', json: `'"' || to_char(t.${AT}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'` },
    { name: 'by', json: `coalesce('"' || t.${BY} || '"', 'null')` },
    { name: 'action', json: `'"' || t.${ACTION} || '"'` },
    { name: 'record', json: shapeJson(app, shape, 't', PRESENT) },
  ])
  const then = ruleScope(app, { row: 't' })
  const now = ruleScope(app, { row: PRESENT })
  const allowed = allOf([
    { sql: condition(history.view, now), code: 'not_found' },
    { sql: condition(history.view, then), code: 'not_found' },
    { sql: condition(history.read, then), code: 'not_found' },
  ])
  return {
    text: `select ${LIVE} as live, h.entry::text as position, h.json from ${rows.from}
${callerJoins(app, rules)}
left join lateral (${presentRow(model)}) ${PRESENT} on true
left join lateral (
select t.${ENTRY} as entry, ${entry} as json from (${entriesOf(model)}) t
where (x.version is null or t.version = x.version) and ${allowed}
order by t.${ENTRY} desc limit $${columns.length + 1}::int) h on true
order by h.entry desc`,
    inputs: rows,
  }
}

/** The living record, or what it was like when it was deleted: who may not see something in it does not see it in what it was before. */
const PRESENT = 'present__'

function presentRow(model: CollectionModel): string {
  const columns = columnsOf(model)
  return `select ${columns} from (
select ${columns}, ${ENDED} as ${ENTRY} from ${rowsOf(model)} where id = x.id
union all (select ${columns}, ${ENTRY} from ${historyTable(model)} where id = x.id order by ${ENTRY} desc limit 1)) p
order by ${ENTRY} desc limit 1`
}

/**
 * Those that were kept, before them the record as it is, where nothing was kept of that (it was there before its history), and before all
 * that its time has come, which is kept when it is swept.
 */
function entriesOf(model: CollectionModel): string {
  const columns = columnsOf(model)
  const own = [ENTRY, AT, BY, ACTION].join(', ')
  const rows = `from ${rowsOf(model)} l where id = x.id and x.after is null`
  const expiry = expiryField(model)
  const time = `l.${quoteName(expiry?.column ?? '')}`
  const ended = `\nunion all\nselect ${columns}, ${ENDED}, ${time}, null, 'expire' ${rows} and ${hasCome(time)}`
  return `select ${columns}, ${own} from ${historyTable(model)} where id = x.id and (x.after is null or ${ENTRY} < x.after)
union all
select ${columns}, ${UNKNOWN}, updated_at, null, ${FOUND} ${rows} and l.version > ${lastVersion(model, 'x.id')}${expiry === undefined ? '' : ended}`
}

/** Some of those that another has replaced for as long as the document says. Gives how many entries it has looked at. */
export function sweepHistoryStatement(model: CollectionModel, most: number): string {
  return `select roadbase.sweep_history(${quoteText(historyTable(model))}::regclass, interval '${model.history?.keep}', ${most})::int as swept`
}

/** Behind every entry. */
const UNKNOWN = '9223372036854775806'
const ENDED = '9223372036854775807'

function columnsOf({ fields }: CollectionModel): string {
  return storedFields(fields)
    .map(({ column }) => quoteName(column))
    .join(', ')
}
