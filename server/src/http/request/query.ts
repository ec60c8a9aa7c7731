import { didYouMean } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import { MAX_HEAD_BYTES } from './head-reader.ts'

export type Query = Readonly<Record<string, string>>

const EMPTY: Query = Object.freeze({})

/**
 * The query string, strictly: only parameters the route names, each at most once, and every percent-encoding valid.
 * `+` is a space, as browsers and `URLSearchParams` write it.
 */
export function parseQuery(text: string | undefined, known: readonly string[]): Query {
  if (text === undefined || text === '') return EMPTY
  if (text.length > MAX_HEAD_BYTES) throw new Problem('headers_too_large')
  const query: Record<string, string> = {}
  for (const piece of text.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = decode(equals === -1 ? piece : piece.slice(0, equals))
    if (name === undefined) throw invalid('', 'The query has a parameter whose name is not valid UTF-8')
    if (!known.includes(name)) throw unknown(name, known)
    if (Object.hasOwn(query, name)) throw invalid(name, `The parameter "${name}" is there twice`)
    const value = equals === -1 ? '' : decode(piece.slice(equals + 1))
    if (value === undefined)
      throw invalid(name, `The parameter "${name}" has a percent-encoding that is not valid UTF-8`)
    query[name] = value
  }
  return query
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    const decoded = decodeURIComponent(spaced)
    // PostgreSQL holds no U+0000, so no value can be meant by it.
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}

function invalid(name: string, detail: string): Problem {
  return new Problem('invalid_parameter', detail, { data: { parameter: name } })
}

function unknown(name: string, known: readonly string[]): Problem {
  const shown = name.slice(0, 64)
  const detail =
    known.length === 0
      ? `This takes no parameters, and "${shown}" was sent.`
      : `There is no parameter "${shown}" here.${didYouMean(shown, known)} Known: ${known.join(', ')}.`
  return new Problem('unknown_parameter', detail, { data: { parameter: shown } })
}
