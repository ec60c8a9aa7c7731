/**
 * One segment of a path, encoded. Refuses what would address something else than it says: an empty segment is the
 * parent's URL, and `.` and `..` are resolved away by URL parsers even when they are percent-encoded.
 */
export function segment(value: string | number, what: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError(`The ${what} is ${describe(value)}`)
  const text = String(value)
  if (text === '' || text === '.' || text === '..') throw new TypeError(`'${text}' can not be ${what} in a URL`)
  return encodeURIComponent(text)
}

function describe(value: unknown): string {
  return value === null ? 'null' : `of type ${typeof value}`
}
