/** A name as an SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as an SQL literal: with `standard_conforming_strings`, a quote is all that can end one. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
