import { quoteName } from '../db/quote.ts'

/** What a search looks at: columns with their weights. An index holds the very expression that statements ask for. */
export interface SearchedWords {
  readonly language: string
  readonly columns: readonly { readonly column: string; readonly weight: SearchWeight }[]
}

export type SearchWeight = 'A' | 'B' | 'C' | 'D'

/**
 * Characters of all columns of a record that are looked at: a `tsvector` of more than 1 MiB raises, and so would the write. A word of
 * four characters takes at most 16 bytes in it.
 */
const MOST_CHARACTERS = 200_000

/** Characters that are looked at for words written differently; each is about one entry of an index. */
const MOST_FUZZY = 2_000

/** The words of a record, each with its weight and places. `alias` names the row, if anything has to. */
export function vectorSql({ language, columns }: SearchedWords, alias?: string): string {
  const each = Math.floor(MOST_CHARACTERS / columns.length)
  const vectors = columns.map(
    ({ column, weight }) => `setweight(to_tsvector(${config(language)}, ${text(column, each, alias)}), '${weight}')`,
  )
  return `(${vectors.join(' || ')})`
}

/** What was sent, as a query: words, "phrases", or, -not. Whatever it is, it is one. */
export function querySql(language: string, sent: string): string {
  return `websearch_to_tsquery(${config(language)}, ${sent})`
}

/** The text in which words are looked for that are written a little differently. */
export function fuzzySql(columns: readonly string[], alias?: string): string {
  return `(${columns.map((column) => text(column, MOST_FUZZY, alias)).join(` || ' ' || `)})`
}

export function config(language: string): string {
  return `'pg_catalog.${language}'::regconfig`
}

function text(column: string, most: number, alias: string | undefined): string {
  return `left(coalesce(${alias === undefined ? '' : `${alias}.`}${quoteName(column)}, ''), ${most})`
}
