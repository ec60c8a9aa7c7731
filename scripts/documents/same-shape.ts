/**
 * Where an answer differs from the one that a document shows, or undefined. What is shown must be there; there may be more.
 * Ids, times and tokens are other ones at every run, so of those only the form counts.
 */
export function difference(shown: unknown, actual: unknown, at = '$'): string | undefined {
  if (typeof shown === 'string' && typeof actual === 'string') {
    const form = forms.find((candidate) => candidate.test(shown))
    const same = shown === actual || (form?.test(actual) ?? false)
    return same ? undefined : `${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(shown)}`
  }
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual)) return `${at} is no list`
    if (shown.length !== actual.length) return `${at} has ${actual.length} items, not ${shown.length}`
    return first(shown.map((item, index) => difference(item, actual[index], `${at}[${index}]`)))
  }
  if (typeof shown === 'object' && shown !== null) {
    if (typeof actual !== 'object' || actual === null) return `${at} is ${JSON.stringify(actual)}, no object`
    const members = actual as Readonly<Record<string, unknown>>
    return first(Object.entries(shown).map(([name, value]) => difference(value, members[name], `${at}.${name}`)))
  }
  return Object.is(shown, actual) ? undefined : `${at} is ${JSON.stringify(actual)}, not ${JSON.stringify(shown)}`
}

const forms: readonly RegExp[] = [
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/,
  /^rb[a-z]_[\w-]+$/,
]

function first(found: readonly (string | undefined)[]): string | undefined {
  return found.find((text) => text !== undefined)
}
