import { quoteName } from '../../db/quote.ts'
import type { SearchModel } from '../model.ts'
import { config, fuzzySql, querySql, vectorSql } from '../search-sql.ts'
import type { Parameter } from './client-scope.ts'
import type { JsonMember } from './record-json.ts'

/** A list that is searched. What is looked for is an input of the statement. */
export interface RecordSearch {
  readonly of: SearchModel
  readonly highlight: boolean
}

/** The input with the words. No expression of a client can name it. */
export const SEARCHED: Parameter = { name: '_search', pg: 'text' }

const SENT = `x.${SEARCHED.name}`

/** Whether the record at `alias` has what is looked for. Both halves are served by their index. */
export function searchCondition({ of }: RecordSearch, alias: string): string {
  const words = `${vectorSql(wordsOf(of), alias)} @@ ${querySql(of.language, SENT)}`
  return of.fuzzy ? `(${words} or ${SENT} operator(roadbase.<%) ${fuzzySql(columnsOf(of), alias)})` : words
}

/** How well it fits. What is there to the letter is before what is only written alike, which stays below 1. */
export function scoreSql(of: SearchModel, alias: string): string {
  const vector = vectorSql(wordsOf(of), alias)
  const query = querySql(of.language, SENT)
  if (!of.fuzzy) return `ts_rank(${vector}, ${query})::double precision`
  const alike = `roadbase.word_similarity(${SENT}, ${fuzzySql(columnsOf(of), alias)})`
  return `(case when ${vector} @@ ${query} then 1 + ts_rank(${vector}, ${query}) else ${alike} end)::double precision`
}

/** `_score`, and `_highlight` where it is wanted: parts of each field with `<mark>` around what was found, safe to show as HTML. */
export function searchMembers({ of, highlight }: RecordSearch, alias: string): JsonMember[] {
  const score = { name: '_score', json: `to_json(${scoreSql(of, alias)})::text` }
  if (!highlight) return [score]
  const pieces = of.fields.map(({ name, column }, index) => {
    const json = `to_json(${headline(of.language, `${alias}.${quoteName(column)}`)})::text`
    return `'${index === 0 ? '' : ','}${JSON.stringify(name)}:' || coalesce(${json}, 'null')`
  })
  return [score, { name: '_highlight', json: `'{' || ${pieces.join(' || ')} || '}'` }]
}

/** Escaped before it is marked: marks are the only tags in it. */
function headline(language: string, column: string): string {
  const escaped = `replace(replace(replace(replace(left(${column}, 100000), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')`
  return `ts_headline(${config(language)}, ${escaped}, ${querySql(language, SENT)}, 'StartSel=<mark>, StopSel=</mark>, MaxFragments=3, MaxWords=24, MinWords=8')`
}

function wordsOf({ language, fields }: SearchModel) {
  return { language, columns: fields }
}

function columnsOf({ fields }: SearchModel): string[] {
  return fields.map(({ column }) => column)
}
