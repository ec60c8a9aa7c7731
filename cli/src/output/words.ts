/** `1 app`, `3 apps`. */
export function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`
}

/** `1 row`, `12,000 rows`. */
export function rows(number: number): string {
  return `${number.toLocaleString('en')} ${number === 1 ? 'row' : 'rows'}`
}

/** An estimate, no more exact than it is. */
export function seconds(number: number): string {
  if (number < 1) return 'less than 1 s'
  if (number < 90) return `about ${Math.round(number)} s`
  return number < 5400 ? `about ${Math.round(number / 60)} min` : `about ${Math.round(number / 3600)} h`
}

/** A moment to the second, which is what people compare. */
export function moment(text: string | null | undefined): string {
  return text === null || text === undefined ? '' : text.replace('T', ' ').replace(/\.\d+(?=Z|$)/, '')
}

/** An argument as one types it in a shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
