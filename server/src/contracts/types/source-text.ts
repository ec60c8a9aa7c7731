/** A name, quoted where TypeScript wants that. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)
}

/** A text as a literal type, in the quotes that need the fewest escapes. */
export function literal(text: string): string {
  const quoted = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  if (text.includes("'") && !text.includes('"')) return quoted
  return `'${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

export function union(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  if (distinct.includes('unknown')) return 'unknown'
  const possible = distinct.filter((type) => type !== 'never')
  return possible.length === 0 ? 'never' : possible.join(' | ')
}

const WIDTH = 120

/** A member of an interface, on one line where that is not too long; else with a line for each of its own members, or alternatives. */
export function memberLines(head: string, type: ObjectParts | string, indent: string): string[] {
  const flat = `${indent}${head}: ${flatten(type)}`
  if (flat.length <= WIDTH) return [flat]
  if (typeof type !== 'string') {
    const inner = type.members.flatMap((member) => memberLines(member.head, member.type, `${indent}  `))
    return [`${indent}${head}: ${type.before}{`, ...inner, `${indent}}${type.after}`]
  }
  const alternatives = type.split(' | ')
  const isPlain = alternatives.every((one) => /^(?:'[^']*'|"[^"]*"|\w+)$/.test(one))
  return isPlain ? [`${indent}${head}:`, ...alternatives.map((one) => `${indent}  | ${one}`)] : [flat]
}

/** An object type in parts, so that it can be written on several lines. */
export interface ObjectParts {
  readonly before: string
  readonly members: readonly { readonly head: string; readonly type: ObjectParts | string }[]
  readonly after: string
}

export function flatten(type: ObjectParts | string): string {
  if (typeof type === 'string') return type
  const members = type.members.map(({ head, type: inner }) => `${head}: ${flatten(inner)}`)
  return `${type.before}{ ${members.join('; ')} }${type.after}`
}

/** `book-library` -> `BookLibrary`. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_match, first: string) => first.toUpperCase())
}

/** A doc comment before the line that follows; nothing when there is nothing to say. */
export function comment(paragraphs: readonly (string | undefined)[], indent = ''): string[] {
  const lines = paragraphs.flatMap((text) => (text === undefined ? [] : commentLines(text)))
  const [first] = lines
  if (first === undefined) return []
  if (lines.length === 1) return [`${indent}/** ${first} */`]
  return [`${indent}/**`, ...lines.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}`), `${indent} */`]
}

/** Texts come from the document, so nothing in them may end the comment. */
function commentLines(text: string): string[] {
  const lines = text
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .map((line) => line.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').trim())
  while (lines.at(-1) === '') lines.pop()
  while (lines[0] === '') lines.shift()
  return lines
}
