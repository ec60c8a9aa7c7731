import { type ASTNode, Environment as Cel } from '@marcbachmann/cel-js'
import { RE2JS } from 're2js'
import { children } from '../parse.ts'
import type { Json } from './records.ts'

/**
 * cel-js as the reference of what an expression means, where it can say it: values that are there, of kinds that it has.
 * Undefined is an error. Its `matches` is JavaScript's own and takes what time it likes, so it is rewritten to RE2.
 */
export function reference(source: string, record: Json): unknown {
  try {
    return celEnvironment().evaluate(withoutMatches(source), { record: celRecord(record) })
  } catch {
    return undefined
  }
}

let environment: Cel | undefined
function celEnvironment(): Cel {
  environment ??= new Cel({ homogeneousAggregateLiterals: false })
    .registerVariable('record', 'map')
    .registerFunction('string.re2(string): bool', (text: string, pattern: string) => RE2JS.compile(pattern).test(text))
  return environment
}

/** `x.matches(p)` as `x.re2(p)`, found in the syntax tree. */
function withoutMatches(source: string): string {
  const places: number[] = []
  const visit = (node: ASTNode): void => {
    if (node.op === 'rcall' && node.args[0] === 'matches') places.push(source.indexOf('matches', node.args[1].end))
    children(node).forEach(visit)
  }
  visit(celEnvironment().parse(source).ast)
  return places
    .sort((left, right) => right - left)
    .reduce((text, at) => `${text.slice(0, at)}re2${text.slice(at + 'matches'.length)}`, source)
}

const INTS = new Set(['count', 'rank', 'serial'])

function celRecord(record: Json): Json {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, celValue(name, value)]))
}

function celValue(name: string, value: unknown): unknown {
  if (INTS.has(name)) return BigInt(value as number)
  if (name === 'startsAt' || name === 'endsAt') return new Date(value as string)
  if (name === 'length') return celEnvironment().evaluate(`duration('${Number(value)}s')`)
  return name === 'numbers' ? (value as number[]).map(BigInt) : value
}
