/** What stood last: a value, something that wants a value next, or a placeholder. */
type Before = 'operand' | 'operator' | 'placeholder'

const token =
  /(?<space>\s+)|(?<comment>\/\/)|(?<string>(?<prefix>[rRbB]{0,2})(?<quote>"""|'''|"|'))|(?<word>\w+)|(?<open>[([{])|(?<close>[)\]}])|(?<other>.)/sy

/**
 * Throws a `TypeError` unless every placeholder of the template (one between each two parts) stands where a value of any
 * kind can stand, and the template is closed in itself: brackets match, strings end, nothing is commented out. So a
 * value stays one operand, and a filter can be put in parentheses inside another one.
 *
 * This is no parser of CEL: what it lets through may still be refused by the server, but the same way for every value.
 */
export function checkTemplate(parts: readonly string[]): void {
  const open: string[] = []
  let before: Before = 'operator'
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      if (before !== 'operator') throw misplaced(parts, index)
      before = 'placeholder'
    }
    for (let at = 0; at < part.length; at = token.lastIndex) {
      token.lastIndex = at
      const groups = token.exec(part)?.groups ?? {}
      if (groups['space'] !== undefined) continue
      if (groups['comment'] !== undefined) throw new TypeError('A filter can not hold comments')
      if (before === 'placeholder' && !mayFollowValue(part.slice(at))) throw misplaced(parts, index)
      if (groups['string'] !== undefined) token.lastIndex = endOfString(part, token.lastIndex, groups)
      before = track(open, groups)
    }
  }
  if (open.length > 0) throw new TypeError(`A filter lacks its closing '${open.at(-1)}'`)
}

/** After a value comes an operator, a closing bracket, a method or an index; never another operand. */
function mayFollowValue(rest: string): boolean {
  return /^(?:in\b|[^\w"'({])/.test(rest)
}

function track(open: string[], groups: Record<string, string | undefined>): Before {
  const { open: opening, close: closing, word, string, other } = groups
  if (opening !== undefined) open.push(opening === '(' ? ')' : opening === '[' ? ']' : '}')
  if (closing !== undefined && open.pop() !== closing) throw new TypeError(`A filter has a '${closing}' too many`)
  if (word === 'in') return 'operator'
  // A dot wants a name, not a value.
  return word !== undefined || string !== undefined || closing !== undefined || other === '.' ? 'operand' : 'operator'
}

function endOfString(part: string, start: number, groups: Record<string, string | undefined>): number {
  const { quote = '"', prefix = '' } = groups
  for (let at = start; at < part.length; at++) {
    if (part.startsWith(quote, at)) return at + quote.length
    if (part[at] !== '\\') continue
    at++
    // CEL's grammar ends the string here, its parsers in JavaScript do not.
    if (/r/i.test(prefix) && part[at] === quote[0]) {
      throw new TypeError('A filter can not hold a raw string with a backslash before its kind of quote')
    }
  }
  throw new TypeError('A filter has a string that does not end; placeholders must not stand inside quotes')
}

function misplaced(parts: readonly string[], index: number): TypeError {
  const place = `${parts[index - 1]?.slice(-20) ?? ''}\${…}${parts[index]?.slice(0, 20) ?? ''}`
  return new TypeError(`No value can stand here in a filter: ${place}`)
}
