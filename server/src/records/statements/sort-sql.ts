import { type CheckedExpression, toSql } from '../../expr/index.ts'
import type { CollectionModel } from '../model.ts'
import type { SortKey } from '../query/parse-sort.ts'
import { clientRules, clientScope, maskedColumn } from './client-scope.ts'
import type { AppCollections } from './reference.ts'
import { scoreSql } from './search.ts'

/** What the rows at `alias` are sorted by, as the caller may see it: what is hidden from them is null. */
export function sortSql(app: AppCollections, model: CollectionModel, alias: string): (key: SortKey) => string {
  return ({ of }) => {
    if ('field' in of) return maskedColumn(app, of.field, alias)
    if ('score' in of) return scoreSql(of.score, alias)
    const value = `(${toSql(of.path, clientScope(app, model, alias, []))})`
    // What lies in an object has the collation of the database, not that of our columns.
    return of.path.type.kind === 'string' ? `(${value} collate "C")` : value
  }
}

/** The rules that {@link sortSql} puts into the statement. */
export function sortRules(app: AppCollections, model: CollectionModel, sort: readonly SortKey[]): CheckedExpression[] {
  return sort.flatMap(({ of }) => {
    if ('path' in of) return clientRules(app, model, of.path)
    if ('score' in of) return []
    return of.field.rules.read === undefined ? [] : [of.field.rules.read]
  })
}
