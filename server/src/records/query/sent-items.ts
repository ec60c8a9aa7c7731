import { Problem } from '../../errors/problem.ts'

/** One of the items of a parameter: `avg(price) as mean` in `select`. */
export interface SentItem {
  readonly parameter: string
  /** Without its alias. */
  readonly text: string
  /** Where it begins in the parameter. */
  readonly start: number
  readonly alias?: string
}

/** A function applied: `sum(price)`, `month(createdAt, 'UTC')`. */
export interface SentCall {
  readonly name: string
  readonly args: readonly { readonly text: string; readonly start: number }[]
}

const ALIAS = /^(.*\S)\s+as\s+([^\s()'"]+)$/s
const RESULT_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/

/** The items of a list, between the commas that stand in no brackets and no quotes. */
export function splitItems(parameter: string, text: string): SentItem[] {
  return splitAtCommas(parameter, text, 0).map(({ text: item, start }) => {
    const [, before, alias] = ALIAS.exec(item) ?? []
    if (before === undefined || alias === undefined) return { parameter, text: item, start }
    if (!RESULT_NAME.test(alias)) {
      const at = start + item.length - alias.length
      throw itemProblem(parameter, at, `'${alias}' is no name for a result: letters, digits and _, a letter first`)
    }
    return { parameter, text: before, start, alias }
  })
}

/** The function and its arguments, where the item is one applied to something. */
export function readCall({ parameter, text, start }: SentItem): SentCall | undefined {
  const [, name, space] = /^([A-Za-z]\w*)(\s*)\(/.exec(text) ?? []
  if (name === undefined || !text.endsWith(')')) return undefined
  const open = name.length + (space?.length ?? 0) + 1
  const inside = text.slice(open, -1)
  return { name, args: splitAtCommas(parameter, inside, start + open) }
}

/** 400, with the place: people count characters from 1, programs from 0. */
export function itemProblem(parameter: string, at: number, message: string): Problem {
  return new Problem('invalid_parameter', `${message} (at character ${at + 1} of '${parameter}')`, {
    data: { parameter, position: at },
  })
}

/** `address.city` makes `addressCity`; undefined for what is no path. */
export function nameOfPath(source: string): string | undefined {
  if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(source)) return undefined
  const [first = '', ...rest] = source.split('.')
  return first + rest.map(capital).join('')
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function splitAtCommas(parameter: string, text: string, offset: number) {
  const items: { readonly text: string; readonly start: number }[] = []
  let begin = 0
  let depth = 0
  let quote = ''
  for (let index = 0; index <= text.length; index++) {
    const char = text[index] ?? ','
    if (index < text.length && quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if ('([{'.includes(char)) depth++
    else if (')]}'.includes(char)) depth--
    else if (char === ',' && (depth <= 0 || index === text.length)) {
      items.push(itemAt(parameter, text, begin, index, offset))
      begin = index + 1
    }
  }
  return items
}

function itemAt(parameter: string, text: string, begin: number, end: number, offset: number) {
  const item = text.slice(begin, end)
  const start = begin + item.length - item.trimStart().length
  if (item.trim() === '') throw itemProblem(parameter, offset + begin, 'there is nothing between the commas')
  return { text: item.trim(), start: offset + start }
}
