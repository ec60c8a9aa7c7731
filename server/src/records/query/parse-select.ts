import { nearest } from '../../errors/did-you-mean.ts'
import { capital, itemProblem, nameOfPath, readCall, type SentItem, splitItems } from './sent-items.ts'
import { readValue, type SentValue, type ValuePlace } from './sent-value.ts'

/** One of the results of an aggregate: how many, or what becomes of a value over the records of a group. */
export type Aggregate =
  | { readonly name: string; readonly kind: 'count' }
  | { readonly name: string; readonly kind: AggregateFunction; readonly of: SentValue }

export type AggregateFunction = 'count of' | 'count distinct' | 'sum' | 'avg' | 'min' | 'max'

const FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max'] as const
const MAX_RESULTS = 20

/** `count,sum(amount),avg(price) as mean,count(distinct author)`. Without it, how many records there are. */
export function parseSelect(place: Omit<ValuePlace, 'parameter'>, text: string | undefined): Aggregate[] {
  const items = text === undefined ? [] : splitItems('select', text)
  if (items.length > MAX_RESULTS) throw itemProblem('select', 0, `'select' has more than ${MAX_RESULTS} results`)
  if (text === undefined) return [{ name: 'count', kind: 'count' }]
  return items.map((item) => parseItem({ ...place, parameter: 'select' }, item))
}

function parseItem(place: ValuePlace, item: SentItem): Aggregate {
  if (item.text === 'count') return { name: item.alias ?? 'count', kind: 'count' }
  const call = readCall(item)
  const name = FUNCTIONS.find((known) => known === call?.name)
  if (call === undefined || name === undefined) throw unknownFunction(item, call?.name ?? item.text)
  const [arg, more] = call.args
  if (arg === undefined || more !== undefined) {
    throw itemProblem('select', item.start, `'${name}(…)' takes one field`)
  }
  const distinct = name === 'count' ? /^distinct\s+(?=\S)/.exec(arg.text)?.[0].length : undefined
  const skipped = distinct ?? 0
  const sent = { text: arg.text.slice(skipped), start: arg.start + skipped }
  const of = readValue(place, sent)
  const kind = name === 'count' ? (distinct === undefined ? 'count of' : 'count distinct') : name
  refuseUnfit(kind, of, sent)
  const path = nameOfPath(sent.text)
  const own = path === undefined ? undefined : `${name}${distinct === undefined ? '' : 'Distinct'}${capital(path)}`
  const called = item.alias ?? own
  if (called === undefined) throw itemProblem('select', item.start, `give the result a name: ${item.text} as …`)
  return { name: called, kind, of }
}

function refuseUnfit(kind: AggregateFunction, { type }: SentValue, sent: { text: string; start: number }): void {
  const refused = UNFIT[kind]
  if (refused === undefined || refused.fits.has(type.cel.kind)) return
  throw itemProblem('select', sent.start, `'${sent.text}' ${refused.words}`)
}

const SUMMED: ReadonlySet<string> = new Set(['int', 'double', 'decimal', 'duration'])
const ORDERED: ReadonlySet<string> = new Set([...SUMMED, 'bool', 'string', 'timestamp', 'date', 'time'])

const UNFIT: Readonly<
  Partial<Record<AggregateFunction, { readonly fits: ReadonlySet<string>; readonly words: string }>>
> = {
  sum: { fits: SUMMED, words: 'is neither a number nor a duration: there is no sum of it' },
  avg: { fits: SUMMED, words: 'is neither a number nor a duration: there is no average of it' },
  min: { fits: ORDERED, words: 'is an id: there is no least of them' },
  max: { fits: ORDERED, words: 'is an id: there is no greatest of them' },
}

function unknownFunction({ start }: SentItem, written: string) {
  const meant = nearest(written, FUNCTIONS)
  const hint = meant === undefined ? `there are ${FUNCTIONS.join(', ')}` : `did you mean '${meant}'?`
  return itemProblem('select', start, `'${written.slice(0, 64)}' is no aggregate; ${hint}`)
}
