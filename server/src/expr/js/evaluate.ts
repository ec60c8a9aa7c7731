import type { CelType } from '../cel-type.ts'
import type { Node, NodeOf } from '../check/node.ts'
import { compileCall, compileDay, compileMatches, compilePart } from './calls.ts'
import { type Compiler, type Evaluate, present } from './compiler.ts'
import { compileLookup, compileMacro, every, some } from './macros.ts'
import {
  compileArithmetic,
  compileCompare,
  compileConvert,
  compileEqual,
  compileInEntries,
  compileInItems,
  compileInKeys,
  compileInList,
  compileNegate,
  inJson,
} from './operators.ts'
import { compileRange } from './ranges.ts'
import { readJson } from './read-json.ts'
import { compileColumn, compileId } from './rows.ts'

/** A node as a function of the variables. */
export function compileNode(compiler: Compiler, node: Node): Evaluate {
  switch (node.op) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'variable': {
      const { name, type } = node
      return ({ values }) => settle(values[name], type)
    }
    case 'local':
      return ({ locals }) => locals.get(node.local) ?? null
    case 'column':
      return compileColumn(compiler, node)
    case 'id':
      return compileId(compiler, node)
    case 'member':
      return compileMember(compiler, node)
    case 'entry':
      return compileEntry(compiler, node)
    case 'item':
      return compileItem(compiler, node)
    case 'has': {
      const value = compiler.compile(node.of)
      return (frame) => {
        const found = value(frame)
        return found === undefined ? undefined : found !== null
      }
    }
    case 'not': {
      const value = compiler.compile(node.of)
      return (frame) => {
        const answer = value(frame)
        return typeof answer === 'boolean' ? !answer : undefined
      }
    }
    case 'and':
    case 'or':
      return compileLogical(compiler, node)
    case 'if':
      return compileIf(compiler, node)
    case 'equal':
      return compileEqual(compiler, node)
    case 'compare':
      return compileCompare(compiler, node)
    case 'in items':
      return compileInItems(compiler, node)
    case 'in list':
      return compileInList(compiler, node)
    case 'in entries':
      return compileInEntries(compiler, node)
    case 'in keys':
      return compileInKeys(compiler, node)
    case 'arithmetic':
      return compileArithmetic(compiler, node)
    case 'negate':
      return compileNegate(compiler, node)
    case 'convert':
      return compileConvert(compiler, node)
    case 'call':
      return compileCall(compiler, node)
    case 'matches':
      return compileMatches(compiler, node)
    case 'range':
      return compileRange(compiler, node)
    case 'part':
      return compilePart(compiler, node)
    case 'day':
      return compileDay(compiler, node)
    case 'can':
      return compileCan(node)
    case 'list':
      return compileList(compiler, node)
    case 'map':
      return compileMap(compiler, node)
    case 'macro':
      return compileMacro(compiler, node)
    case 'lookup':
      return compileLookup(compiler, node)
  }
}

/** What is read is of its type; a null where there may be none is an error. */
function settle(value: unknown, type: CelType): unknown {
  const read = readJson(value, type)
  return read === null && !type.nullable ? undefined : read
}

function compileMember(compiler: Compiler, node: NodeOf<'member'>): Evaluate {
  const of = present(compiler.compile(node.of))
  return (frame) => {
    const parent = of(frame)
    return isMap(parent) ? settle(own(parent, node.name), node.type) : undefined
  }
}

function compileEntry(compiler: Compiler, node: NodeOf<'entry'>): Evaluate {
  const [of, key] = [present(compiler.compile(node.of)), compiler.compile(node.key)]
  return (frame) => {
    const [parent, name] = [of(frame), key(frame)]
    return isMap(parent) && typeof name === 'string' ? readJson(own(parent, name), node.type) : undefined
  }
}

function compileItem(compiler: Compiler, node: NodeOf<'item'>): Evaluate {
  const [of, at] = [present(compiler.compile(node.of)), compiler.compile(node.at)]
  return (frame) => {
    const [list, index] = [of(frame), at(frame)]
    if (!Array.isArray(list) || typeof index !== 'bigint' || index < 0n || index >= list.length) return undefined
    return readJson(list[Number(index)], node.type)
  }
}

function compileLogical(compiler: Compiler, { op, args }: NodeOf<'and' | 'or'>): Evaluate {
  const parts = args.map((arg) => compiler.compile(arg))
  const decides = op === 'or'
  const outcome = decides ? some : every
  return (frame) => {
    const answers: unknown[] = []
    for (const part of parts) {
      const answer = part(frame) ?? undefined
      if (answer === decides) return answer
      answers.push(answer)
    }
    return outcome(answers)
  }
}

function compileIf(compiler: Compiler, node: NodeOf<'if'>): Evaluate {
  const [test, yes, no] = [compiler.compile(node.test), compiler.compile(node.yes), compiler.compile(node.no)]
  return (frame) => {
    const answer = test(frame)
    return answer === true ? yes(frame) : answer === false ? no(frame) : undefined
  }
}

function compileCan({ roles }: NodeOf<'can'>): Evaluate {
  const granting = new Set<unknown>(roles)
  return ({ values }) => {
    const auth = values['auth']
    const own = typeof auth === 'object' && auth !== null && 'roles' in auth ? auth.roles : undefined
    return Array.isArray(own) && own.some((role) => granting.has(role))
  }
}

function compileList(compiler: Compiler, { items }: NodeOf<'list'>): Evaluate {
  const parts = items.map((item) => compiler.compile(item))
  return (frame) => {
    const list = parts.map((part) => inJson(part(frame)))
    return list.includes(undefined) ? undefined : list
  }
}

function compileMap(compiler: Compiler, { entries }: NodeOf<'map'>): Evaluate {
  const parts = entries.map(([key, value]) => [key, compiler.compile(value)] as const)
  return (frame) => {
    const pairs = parts.map(([key, value]) => [key, inJson(value(frame))] as const)
    return pairs.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(pairs)
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own(map: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(map, name) ? map[name] : undefined
}
