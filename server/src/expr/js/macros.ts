import type { NodeOf } from '../check/node.ts'
import { type Compiler, type Evaluate, type Frame, present } from './compiler.ts'
import { readJson } from './read-json.ts'

/** `list.exists(x, …)` and relatives, with CEL's errors: what decides outweighs them. */
export function compileMacro(compiler: Compiler, node: NodeOf<'macro'>): Evaluate {
  const { macro, local } = node
  const list = present(compiler.compile(node.over))
  const test = node.test === undefined ? () => true : compiler.compile(node.test)
  const result = node.result === undefined ? undefined : compiler.compile(node.result)
  const each = (frame: Frame, item: unknown): unknown => {
    frame.locals.set(local, readJson(item, local.type))
    return test(frame) ?? undefined
  }
  return (frame) => {
    const items = list(frame)
    if (!Array.isArray(items)) return undefined
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
        return gather(frame, items, each, result)
    }
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
  result: Evaluate | undefined,
): unknown[] | undefined {
  const gathered: unknown[] = []
  for (const item of items) {
    const answer = each(frame, item)
    if (answer === undefined) return undefined
    if (answer !== true) continue
    const value = result === undefined ? (item ?? null) : result(frame)
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
