import type { CelType } from '../cel-type.ts'
import type { Node, NodeOf } from '../check/node.ts'
import type { Compiler, Evaluate, Frame } from './compiler.ts'
import { readJson } from './read-json.ts'

type Row = Readonly<Record<string, unknown>>

/** A field of a record; an error where the record is not there. */
export function compileColumn(compiler: Compiler, node: NodeOf<'column'>): Evaluate {
  const { row, field, type } = node
  if (field === 'id' && isReference(row)) {
    const id = compileReference(compiler, row, type)
    return (frame) => id(frame) ?? undefined
  }
  const nobody = row.op === 'variable' && row.name === 'auth'
  const find = compileRow(compiler, row)
  return (frame) => {
    const found = find(frame)
    if (found === undefined) return nobody ? absent(type) : undefined
    const value = readJson(found[field], type)
    return value === null && !type.nullable ? (nobody ? absent(type) : undefined) : value
  }
}

/** Nobody has no fields, and no roles. */
function absent(type: CelType): unknown {
  return type.kind === 'list' ? [] : null
}

/** The id of a record, or what a reference holds. */
export function compileId(compiler: Compiler, { of, type }: NodeOf<'id'>): Evaluate {
  if (isReference(of)) return compileReference(compiler, of, type)
  const name = of.op === 'variable' ? of.name : undefined
  const find = compileRow(compiler, of)
  return (frame) => {
    // A bare field of a filter is a record by its type, and an id by what it holds.
    const own = name === undefined ? undefined : frame.values[name]
    const value = readJson(typeof own === 'string' ? own : find(frame)?.['id'], type)
    return value === null && !type.nullable ? undefined : value
  }
}

/** `auth` without anybody, an absent variable and a reference to nothing have no row. */
export function compileRow(compiler: Compiler, node: Node): (frame: Frame) => Row | undefined {
  const collection = node.type.kind === 'record' ? node.type.collection : ''
  if (isReference(node)) {
    const id = compileReference(compiler, node, idType(compiler, collection))
    return (frame) => fetch(frame, collection, id(frame))
  }
  if (node.op === 'local') return ({ locals }) => asRow(locals.get(node.local))
  if (node.op !== 'variable') throw new Error(`No row comes out of '${node.op}'`)
  return (frame) => {
    const value = frame.values[node.name]
    return typeof value === 'string' ? fetch(frame, collection, value) : asRow(value)
  }
}

function compileReference(compiler: Compiler, node: Node, type: CelType): Evaluate {
  return compiler.compile({ ...node, type: { ...type, nullable: node.type.nullable } })
}

function fetch({ world }: Frame, collection: string, id: unknown): Row | undefined {
  if (id === null || id === undefined) return undefined
  if (world === undefined) throw new Error(`Following a reference to '${collection}' needs a world`)
  return world.get(collection, id)
}

function idType({ environment }: Compiler, collection: string): CelType {
  return environment.collections.get(collection)?.fields.get('id')?.type.cel ?? { kind: 'uuid', nullable: false }
}

function isReference(node: Node): boolean {
  return node.op === 'column' || node.op === 'member'
}

function asRow(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null ? (value as Row) : undefined
}
