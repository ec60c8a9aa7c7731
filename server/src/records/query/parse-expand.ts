import { nearest } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import { endOfExpression } from '../../expr/index.ts'

/** A relation to follow, as it was written; what the names mean is not known here. */
export interface ExpandNode extends ExpandOptions {
  readonly name: string
  /** Where it stands, in UTF-16 units from the start. */
  readonly at: number
  /** By name, each once. */
  readonly expand: readonly ExpandNode[]
}

export interface ExpandOptions {
  readonly filter?: Located
  readonly sort?: Located
  readonly limit?: Located
  readonly fields?: Located
}

export interface Located {
  readonly text: string
  readonly at: number
}

const MAX_LENGTH = 8192
/** Relations within relations. */
const MAX_DEPTH = 4
/** Relations in all, however often one is named. */
const MAX_RELATIONS = 20
const OPTIONS = ['filter', 'sort', 'limit', 'fields', 'expand'] as const

interface Draft extends ExpandOptions {
  readonly name: string
  readonly at: number
  readonly expand: Drafts
}

type Drafts = Map<string, Draft>

/**
 * `author,comments(filter:status == 'ok';sort:-createdAt;limit:5;expand:author)`; `author.company` is `author(expand:company)`. Sorted by
 * name, so that the same relations in another order are the same. 400 `invalid_parameter` says what is wrong, and where.
 */
export function parseExpand(text: string): readonly ExpandNode[] {
  if (text.length > MAX_LENGTH) {
    throw new Problem('query_too_costly', `'expand' is longer than ${MAX_LENGTH} characters`)
  }
  const top: Drafts = new Map()
  let at = 0
  let relations = 0
  readRelations(top, 1)
  if (at < text.length) fail(`'${text[at]}' is not expected`, at)
  return sorted(top)

  function readRelations(siblings: Drafts, depth: number): void {
    do readRelation(siblings, depth)
    while (skip(','))
  }

  function readRelation(siblings: Drafts, depth: number): void {
    let level = depth
    let draft = relation(siblings, level)
    while (skip('.')) draft = relation(draft.expand, ++level)
    const start = at
    if (!skip('(')) return
    if (OPTIONS.some((name) => name !== 'expand' && draft[name] !== undefined)) {
      fail(`'${draft.name}' has options twice`, start)
    }
    do readOption(draft, level)
    while (skip(';'))
    if (!skip(')')) fail(`the bracket behind '${draft.name}' is not closed`, start)
  }

  /** The one of this name, made when it is first named. */
  function relation(siblings: Drafts, depth: number): Draft {
    const start = skipSpaces()
    const name = readName('a relation')
    if (depth > MAX_DEPTH) throw new Problem('query_too_costly', `'expand' goes deeper than ${MAX_DEPTH} relations`)
    if (++relations > MAX_RELATIONS) {
      throw new Problem('query_too_costly', `'expand' names more than ${MAX_RELATIONS} relations`)
    }
    const known = siblings.get(name)
    if (known !== undefined) return known
    const draft: Draft = { name, at: start, expand: new Map() }
    siblings.set(name, draft)
    return draft
  }

  function readOption(draft: Draft, depth: number): void {
    const start = skipSpaces()
    const name = readName('an option')
    const option = OPTIONS.find((known) => known === name)
    if (option === undefined) fail(`'${name}' is no option of a relation${meant(name)}`, start)
    if (!skip(':')) fail(`'${name}' is followed by ':' and its value`, at)
    if (option === 'expand') {
      readRelations(draft.expand, depth + 1)
      return
    }
    if (draft[option] !== undefined) fail(`'${name}' stands twice`, start)
    Object.assign(draft, { [option]: readValue(name) })
  }

  function readValue(name: string): Located {
    const start = skipSpaces()
    const end = endOfExpression(text, start, ';)')
    const value = text.slice(start, end).trimEnd()
    if (value === '') fail(`'${name}' has no value`, start)
    at = end
    return { text: value, at: start }
  }

  function readName(what: string): string {
    const start = skipSpaces()
    while (at < text.length && /\w/.test(text[at] ?? '')) at++
    if (at === start) fail(`the name of ${what} is expected`, start)
    return text.slice(start, at)
  }

  function skip(char: string): boolean {
    skipSpaces()
    if (text[at] !== char) return false
    at++
    return true
  }

  function skipSpaces(): number {
    while (/\s/.test(text[at] ?? '')) at++
    return at
  }
}

/** Tells what is wrong with `expand`, and where. */
export function failExpand(message: string, at: number): never {
  throw new Problem('invalid_parameter', `${message} (at character ${at + 1} of 'expand')`, { data: { position: at } })
}

const fail: typeof failExpand = failExpand

function sorted(drafts: Drafts): ExpandNode[] {
  return [...drafts.values()]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((draft) => ({ ...draft, expand: sorted(draft.expand) }))
}

function meant(name: string): string {
  const found = nearest(name, OPTIONS)
  return found === undefined ? '' : `; did you mean '${found}'?`
}
