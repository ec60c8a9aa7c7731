import { Composer, type CST, type Document, isPair, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Parts } from '../parts.ts'

/** Something that the composer finds wrong, in its own words. */
export interface Fault {
  readonly message: string
  readonly pos: readonly [start: number, end: number]
}

export interface Composed {
  readonly contents: Node | null
  readonly faults: readonly Fault[]
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  // Its own search for duplicates is quadratic, and knows one place only.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const

/** How many characters are composed at once: about half a millisecond. */
const SIZE = 1000

type Long = CST.BlockMap | CST.BlockSequence
type Item = Long['items'][number]

/**
 * The nodes of a text's tokens, as the library's `parseDocument` makes them but for comments. Its composer can't be left in the middle, and
 * takes twenty milliseconds for a document of a thousand lines. So long maps and lists are composed empty, and then filled by composing their
 * items in documents of their own.
 */
export function* composeInParts(text: string, tokens: readonly CST.Token[], size = SIZE): Parts<Composed> {
  const faults: Fault[] = []
  try {
    const first = tokens.find((token) => token.type === 'document')
    const value = first?.value
    const long = value !== undefined && isLong(value, text.length, size) ? value : undefined
    const thin = tokens.map((token) => (token === first && long ? { ...first, value: emptied(long) } : token))
    const [document, second] = compose(thin, faults, text.length)
    if (second !== undefined) faults.push({ message: MULTIPLE, pos: [second.range[0], second.range[1]] })
    if (long !== undefined) yield* fill(document.contents as Filled, long, text.length, faults, size)
    return { contents: document.contents, faults }
  } catch (error) {
    // The composer is recursive. Most often it notices by itself, and says so in the same words.
    if (error instanceof RangeError) return { contents: null, faults: [{ message: error.message, pos: [0, 0] }] }
    throw error
  }
}

const MULTIPLE = 'a file holds one document only'

/** A stream of no document is made an empty one. */
type Documents = readonly [Document.Parsed, ...Document.Parsed[]]

function compose(tokens: Iterable<CST.Token>, faults: Fault[], end: number): Documents {
  const documents = [...new Composer(OPTIONS).compose(tokens, true, end)] as unknown as Documents
  const [{ errors, warnings }] = documents
  faults.push(...errors, ...warnings)
  return documents
}

/** Whether a token is a map or a list that is worth taking apart, the next one of its text beginning at `end`. */
function isLong(token: CST.Token, end: number, size: number): token is Long {
  return (token.type === 'block-map' || token.type === 'block-seq') && end - token.offset > size
}

function emptied<T extends Long>(token: T): T {
  return { ...token, items: [] }
}

type Filled = YAMLMap<Node, Node | null> | YAMLSeq<Node>

/** Composes the items of a map or list, some at a time. Long values among them are filled before the next ones: where those begin follows from them. */
function* fill(node: Filled, { items, ...token }: Long, end: number, faults: Fault[], size: number): Parts<void> {
  let position = token.offset
  for (let next = 0; next < items.length; ) {
    const begin = next
    const until = (index: number) => beginning(items[index]) ?? end
    let long: Long | undefined
    while (next < items.length && long === undefined) {
      const value = items[next++]?.value
      if (value !== undefined && isLong(value, until(next), size)) long = value
      if (until(next) - until(begin) > size) break
    }
    const part = items.slice(begin, next)
    const last = part.at(-1)
    if (last !== undefined && long !== undefined) part[part.length - 1] = { ...last, value: emptied(long) } as Item
    const [document] = compose([documentOf({ ...token, items: part, offset: position } as Long)], faults, end)
    const { items: made, range } = document.contents as Filled
    ;(node.items as unknown[]).push(...made)
    position = range?.[1] ?? position
    const at = made.at(-1)
    const value = isPair(at) ? at.value : at
    // The composer drops a value whose key has no colon.
    if (long !== undefined && value != null) {
      yield* fill(value as Filled, long, until(next), faults, size)
      position = value.range?.[2] ?? position
    }
    node.range = [token.offset, position, Math.max(position, range?.[2] ?? position)]
    yield
  }
}

/** Where an item's text begins, unless nothing of it is written. */
function beginning(item: Item | undefined): number | undefined {
  return item?.start[0]?.offset ?? item?.key?.offset ?? item?.sep?.[0]?.offset ?? item?.value?.offset
}

function documentOf(value: Long): CST.Document {
  return { type: 'document', offset: value.offset, start: [], value }
}
