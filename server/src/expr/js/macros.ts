import { idTypeOf } from '../check/coerce.ts'
import type { Local, NodeOf } from '../check/node.ts'
import { type Compiler, type Evaluate, type Frame, present } from './compiler.ts'
import { readJson } from './read-json.ts'

/** `list.exists(x, …)` and relatives, with CEL's errors: what decides outweighs them. */
export function compileMacro(compiler: Compiler, node: NodeOf<'macro'>): Evaluate {
  const { macro, local } = node
  const list = present(compiler.compile(node.over))
  const test = node.test === undefined ? () => true : compiler.compile(node.test)
  const records = recordsOf(compiler, local)
  const result = node.result === undefined ? undefined : compiler.compile(node.result)
  const each = (frame: Frame, item: unknown): unknown => {
    frame.locals.set(local, local.type.kind === 'record' ? item : readJson(item, local.type))
    return test(frame) ?? undefined
  }
  return (frame) => {
    const found = list(frame)
    if (!Array.isArray(found)) return undefined
    const items = records(frame, found)
    switch (macro) {
      case 'exists':
        return some(items.map((item) => each(frame, item)))
      case 'all':
        return every(items.map((item) => each(frame, item)))
      case 'exists_one': {
        const answers = items.map((item) => each(frame, item))
        return answers.includes(undefined) ? undefined : answers.filter((answer) => answer === true).length === 1
      }
      default:
        return gather(
          frame,
          items,
          each,
          result ?? ((_frame, item) => (local.type.kind === 'record' ? idIn(item) : item) ?? null),
        )
    }
  }
}

function idIn(record: unknown): unknown {
  return typeof record === 'object' && record !== null && 'id' in record ? record.id : undefined
}

/** Of a list of references the records; those that are not there are passed over. */
function recordsOf(
  compiler: Compiler,
  { type }: Local,
): (frame: Frame, items: readonly unknown[]) => readonly unknown[] {
  if (type.kind !== 'record') return (_frame, items) => items
  const id = idTypeOf(compiler.environment, type)
  return ({ world }, items) => {
    if (world === undefined) throw new Error(`Following references to '${type.collection}' needs a world`)
    return items.flatMap((item) => world.get(type.collection, readJson(item, id)) ?? [])
  }
}

export function some(answers: readonly unknown[]): boolean | undefined {
  if (answers.includes(true)) return true
  return answers.every((answer) => answer === false) ? false : undefined
}

export function every(answers: readonly unknown[]): boolean | undefined {
  if (answers.includes(false)) return false
  return answers.every((answer) => answer === true) ? true : undefined
}

function gather(
  frame: Frame,
  items: readonly unknown[],
  each: (frame: Frame, item: unknown) => unknown,
  result: (frame: Frame, item: unknown) => unknown,
): unknown[] | undefined {
  const gathered: unknown[] = []
  for (const item of items) {
    const answer = each(frame, item)
    if (answer === undefined) return undefined
    if (answer !== true) continue
    const value = result(frame, item)
    if (value === undefined) return undefined
    gathered.push(value)
  }
  return gathered
}

/** `db.members.exists(m, …)`. */
export function compileLookup(compiler: Compiler, { collection, local, test }: NodeOf<'lookup'>): Evaluate {
  const holds = compiler.compile(test)
  return (frame) => {
    if (frame.world === undefined) throw new Error(`A lookup in '${collection}' needs a world`)
    let answer: boolean | undefined = false
    for (const row of frame.world.all(collection)) {
      frame.locals.set(local, row)
      const outcome = holds(frame)
      if (outcome === true) return true
      if (outcome !== false) answer = undefined
    }
    return answer
  }
}
