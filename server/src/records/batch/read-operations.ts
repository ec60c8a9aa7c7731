import { didYouMean } from '../../errors/did-you-mean.ts'
import { below, pointer } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import type { Collection } from '../collection.ts'
import { isObject } from '../validate/index.ts'
import { KINDS, type Kind, type Operation } from './operation.ts'
import { isReference } from './references.ts'

/** More is several batches: locks of all of them would be held until the last one is done. */
export const MOST_OPERATIONS = 1_000

export interface FoundCollections {
  get(name: string): Collection | undefined
  readonly names: Iterable<string>
}

type Raw = Readonly<Record<string, unknown>>
type Tell = (pointer: string, code: string, message: string) => void

const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  create: ['data', 'as'],
  update: ['id', 'data', 'ifMatch', 'as'],
  replace: ['id', 'data', 'ifMatch', 'as'],
  upsert: ['by', 'data', 'as'],
  delete: ['id', 'ifMatch'],
}

/** The operations of a body; 400 with everything that is wrong with their form. */
export function readOperations(body: Raw, collections: FoundCollections): readonly Operation[] {
  const errors: Violation[] = []
  const tell: Tell = (at, code, message) => void errors.push({ pointer: at, code, message })
  for (const key of Object.keys(body)) {
    if (key !== 'operations') tell(pointer(key), 'unknown_key', `is not known here.${didYouMean(key, ['operations'])}`)
  }
  const list: unknown = body['operations']
  if (!Array.isArray(list)) tell('/operations', 'type', 'must be a list')
  else if (list.length === 0) tell('/operations', 'too_few', 'must not be empty')
  else if (list.length > MOST_OPERATIONS) {
    const detail = `A batch has at most ${MOST_OPERATIONS} operations; this one has ${list.length}`
    throw new Problem('query_too_costly', detail, {
      errors: [{ pointer: '/operations', code: 'too_many', message: `must have at most ${MOST_OPERATIONS} items` }],
    })
  }
  const operations = (Array.isArray(list) ? list : []).flatMap(
    (raw: unknown, index) => readOperation(raw, pointer('operations', index), collections, tell) ?? [],
  )
  const [first] = errors
  if (first === undefined) return operations
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  throw new Problem('malformed_request', `${first.pointer} ${first.message}${more}`, { errors })
}

function readOperation(raw: unknown, at: string, collections: FoundCollections, tell: Tell): Operation | undefined {
  if (!isObject(raw)) {
    tell(at, 'type', 'must be an object')
    return undefined
  }
  const [kind, ...others] = KINDS.filter((one) => Object.hasOwn(raw, one))
  if (kind === undefined || others.length > 0) {
    tell(at, 'operation', `must have one of ${KINDS.join(', ')}, which names the collection`)
    return undefined
  }
  for (const key of Object.keys(raw)) {
    if (key === kind || KEYS[kind].includes(key)) continue
    tell(below(at, key), 'unknown_key', `is not known in '${kind}'.${didYouMean(key, KEYS[kind])}`)
  }
  const collection = collectionOf(raw[kind], below(at, kind), collections, tell)
  checkParts(kind, raw, at, tell)
  if (collection === undefined) return undefined
  const { data, id, ifMatch, by, as } = raw
  return {
    kind,
    collection,
    pointer: at,
    data: isObject(data) || Array.isArray(data) ? data : {},
    ...(typeof as === 'string' ? { as } : {}),
    ...(id === undefined ? {} : { id }),
    ...(ifMatch === undefined ? {} : { ifMatch: typeof ifMatch === 'number' ? `"${ifMatch}"` : String(ifMatch) }),
    ...(typeof by === 'string' ? { by } : {}),
  }
}

function collectionOf(name: unknown, at: string, collections: FoundCollections, tell: Tell): Collection | undefined {
  if (typeof name !== 'string') {
    tell(at, 'type', 'must be the name of a collection')
    return undefined
  }
  const collection = collections.get(name)
  if (collection === undefined) {
    const shown = name.slice(0, 64)
    tell(at, 'unknown_collection', `There is no collection '${shown}'.${didYouMean(shown, collections.names)}`)
  }
  if (collection?.model.view !== undefined) {
    tell(at, 'read_only', `'${name}' is a view: nobody writes its records.`)
    return undefined
  }
  return collection
}

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

function checkParts(kind: Kind, { data, id, ifMatch, by, as }: Raw, at: string, tell: Tell): void {
  const takes = (key: string) => KEYS[kind].includes(key)
  if (takes('data') && !isObject(data) && !(kind === 'update' && Array.isArray(data))) {
    const patch = kind === 'update' ? ', or a list: a JSON patch' : ''
    tell(below(at, 'data'), 'type', `must be an object${patch}`)
  }
  if (takes('id') && typeof id !== 'string' && !Number.isSafeInteger(id) && !isReference(id)) {
    tell(below(at, 'id'), 'type', 'must be an id, or {"$ref": name}')
  }
  if (takes('by') && typeof by !== 'string') tell(below(at, 'by'), 'type', 'must name a unique key')
  if (takes('ifMatch') && ifMatch !== undefined && typeof ifMatch !== 'string' && !isVersion(ifMatch)) {
    tell(below(at, 'ifMatch'), 'type', 'must be a version or an ETag')
  }
  if (takes('as') && as !== undefined && (typeof as !== 'string' || !NAME.test(as))) {
    tell(below(at, 'as'), 'format', 'must be a name of letters, digits, - and _')
  }
}

function isVersion(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0
}
