import type { Sql } from '../../db/database.ts'

/** So often a statement runs before it is prepared. */
const UNPREPARED_USES = 2

/**
 * Runs one statement, whose text is as many as there are ways to ask: a filter that somebody tries out is never
 * prepared, one that an application goes on asking soon is.
 */
export function prepareLater(sql: Pick<Sql, 'query' | 'once'>): Sql['query'] {
  let uses = 0
  return (text, params, options) => {
    if (uses >= UNPREPARED_USES) return sql.query(text, params, options)
    uses++
    return sql.once(text, params, options)
  }
}
