import { isStorableText } from '../../db/storable-text.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import type { RecordSearch } from '../statements/search.ts'

const MAX_LENGTH = 500

/** What is looked for is a value of the statement, so it is asked of every request. */
export function checkSearched(search: string | undefined): void {
  if (search === undefined || (search.length <= MAX_LENGTH && isStorableText(search))) return
  throw new Problem('invalid_parameter', `'search' must be a text of at most ${MAX_LENGTH} characters`)
}

/** `search` and `highlight`; undefined where nothing is looked for. Any words will do: what makes no sense finds nothing. */
export function parseSearch(
  model: CollectionModel,
  { search, highlight }: { readonly search?: string | undefined; readonly highlight?: string | undefined },
): RecordSearch | undefined {
  if (highlight !== undefined && highlight !== 'true' && highlight !== 'false') {
    throw new Problem('invalid_parameter', "'highlight' must be 'true' or 'false'")
  }
  if (search === undefined) {
    if (highlight === undefined) return undefined
    throw new Problem('invalid_parameter', "'highlight' goes with 'search'")
  }
  if (model.search === undefined) {
    throw new Problem('invalid_parameter', `'${model.name}' can not be searched: its document has no 'search'`)
  }
  return { of: model.search, highlight: highlight === 'true' }
}
