import { endOfLine, endOfString } from './limits.ts'

/**
 * Where an expression ends that stands in a longer text: at the first of these characters that is in no brackets, no text in quotes and
 * no comment; the length of the whole where there is none.
 */
export function endOfExpression(source: string, start: number, ends: string): number {
  let nesting = 0
  for (let index = start; index < source.length; index++) {
    const char = source[index] as string
    if (nesting === 0 && ends.includes(char)) return index
    if (char === '(' || char === '[' || char === '{') nesting++
    else if (char === ')' || char === ']' || char === '}') nesting--
    else if (char === '"' || char === "'") index = endOfString(source, index)
    else if (char === '/' && source[index + 1] === '/') index = endOfLine(source, index)
  }
  return source.length
}
