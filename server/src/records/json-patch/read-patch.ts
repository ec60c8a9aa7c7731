import { didYouMean } from '../../errors/did-you-mean.ts'
import { pointer, segmentsOf } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import { isForbiddenKey } from '../validate/forbidden-keys.ts'
import { isObject } from '../validate/merge-patch.ts'

/** A JSON patch (RFC 6902) of a record, well-formed. */
export interface JsonPatch {
  readonly operations: readonly PatchOperation[]
  /** The members of the record that it writes, whether they are fields or not. */
  readonly writes: readonly string[]
}

/** The keys that lead to a value; none: the record itself. */
export type Path = readonly string[]

export type PatchOperation =
  | { readonly op: 'add'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'replace'; readonly path: Path; readonly value: unknown }
  | { readonly op: 'move'; readonly path: Path; readonly from: Path }
  | { readonly op: 'copy'; readonly path: Path; readonly from: Path }
  | { readonly op: 'test'; readonly path: Path; readonly value: unknown }

const NAMES = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const

/** More is several patches. */
const MOST_OPERATIONS = 1_000

/** As deep as a body may be: nothing lies deeper. */
const DEEPEST = 64

type Tell = (pointer: string, code: string, message: string) => void

/** Reads a patch; 400 with everything that is wrong with its form, each with its place in the patch. */
export function readPatch(body: readonly unknown[]): JsonPatch {
  if (body.length > MOST_OPERATIONS) {
    const message = `must have at most ${MOST_OPERATIONS} operations`
    throw new Problem('query_too_costly', `A patch ${message}; this one has ${body.length}`, {
      errors: [{ pointer: '', code: 'too_many', message }],
    })
  }
  const errors: Violation[] = []
  const tell: Tell = (at, code, message) => void errors.push({ pointer: at, code, message })
  const operations = body.flatMap((raw, index) => readOperation(raw, index, tell) ?? [])
  const [first] = errors
  if (first === undefined) return { operations, writes: [...new Set(operations.flatMap(written))] }
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  throw new Problem('malformed_request', `${first.pointer} ${first.message}${more}`, { errors })
}

/** The members of a record that a body of a PATCH, which was accepted, writes. */
export function namesIn(body: Readonly<Record<string, unknown>> | readonly unknown[]): readonly string[] {
  return Array.isArray(body) ? readPatch(body).writes : Object.keys(body)
}

/** Members that an operation does not know are ignored, as the RFC wants it. */
function readOperation(raw: unknown, index: number, tell: Tell): PatchOperation | undefined {
  if (!isObject(raw)) {
    tell(pointer(index), 'type', 'must be an object')
    return undefined
  }
  const op = NAMES.find((name) => name === raw['op'])
  if (op === undefined) {
    const suggestion = typeof raw['op'] === 'string' ? didYouMean(raw['op'], NAMES) : ''
    tell(pointer(index, 'op'), 'operation', `must be one of ${NAMES.join(', ')}.${suggestion}`)
    return undefined
  }
  const path = readPath(raw, index, 'path', op !== 'test', tell)
  if (op === 'remove') return path && { op, path }
  if (op === 'move' || op === 'copy') {
    const from = readPath(raw, index, 'from', true, tell)
    if (path === undefined || from === undefined) return undefined
    if (op === 'move' && from.length < path.length && isWithin(path, from)) {
      tell(pointer(index, 'path'), 'within_itself', 'lies in what is moved')
      return undefined
    }
    return { op, path, from }
  }
  if (!Object.hasOwn(raw, 'value')) {
    tell(pointer(index, 'value'), 'required', 'must be there')
    return undefined
  }
  return path && { op, path, value: raw['value'] }
}

function readPath(
  raw: Readonly<Record<string, unknown>>,
  index: number,
  member: 'path' | 'from',
  isPart: boolean,
  tell: Tell,
): Path | undefined {
  const text = raw[member]
  const refuse = (code: string, message: string) => tell(pointer(index, member), code, message)
  if (typeof text !== 'string') return void refuse('type', 'must be a JSON pointer')
  if ((text !== '' && !text.startsWith('/')) || /~(?![01])/.test(text)) {
    return void refuse('format', 'must be a JSON pointer: it begins with "/", "~1" is a slash in a key, "~0" a tilde')
  }
  const path = segmentsOf(text)
  if (isPart && path.length === 0) return void refuse('whole_record', 'must be a part of the record; PUT replaces it')
  if (path.length > DEEPEST) return void refuse('too_deep', `must have at most ${DEEPEST} keys`)
  const forbidden = path.find(isForbiddenKey)
  if (forbidden !== undefined) return void refuse('forbidden_key', `has the key "${forbidden}", which is not allowed`)
  return path
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((key, depth) => path[depth] === key)
}

function written(operation: PatchOperation): readonly string[] {
  const paths = operation.op === 'move' ? [operation.path, operation.from] : [operation.path]
  return operation.op === 'test' ? [] : paths.flatMap(([member]) => member ?? [])
}
