import type { CelType } from '../cel-type.ts'
import type { FieldType } from '../field-types.ts'
import type { Environment } from '../types.ts'
import { isNull } from './build.ts'
import { asDecimal, asDouble, fromJson, idOf, idTypeOf, toJson, unify } from './coerce.ts'
import { readOrFail } from './literals.ts'
import type { Node } from './node.ts'
import { fail } from './scope.ts'
import { isJson, typeName } from './type-names.ts'

interface At {
  readonly start: number
}

/** Brings the whole expression to what is wanted of it: a kind, or what a field holds. */
export function assign(environment: Environment, node: Node, expect: CelType['kind'] | FieldType, at: At): Node {
  if (typeof expect !== 'string') return toField(environment, node, expect, at)
  if (node.type.kind === expect) return node
  if (expect === 'bool' && node.type.kind === 'dyn') return fromJson(node, 'bool')
  const target: CelType | undefined =
    expect === 'list' || expect === 'map' || expect === 'object' || expect === 'record' || expect === 'range'
      ? undefined
      : { kind: expect, nullable: true }
  const result = target === undefined ? undefined : toKind(idOf(environment, node), target, at)
  return result ?? fail(`this is ${typeName(node.type)}, not ${expect}`, at)
}

function toField(environment: Environment, node: Node, field: FieldType, at: At): Node {
  if (isNull(node)) return node
  if (field.values !== undefined && node.op === 'literal' && !field.values.includes(String(node.value))) {
    fail(`'${String(node.value)}' is none of ${field.values.map((value) => `'${value}'`).join(', ')}`, at)
  }
  const result =
    field.cel.kind === 'record'
      ? toReference(environment, node, field.cel, at)
      : field.cel.kind === 'list' && field.cel.element.kind === 'record'
        ? toReferences(environment, node, field.cel.element, at)
        : toKind(idOf(environment, node), field.cel, at)
  return result ?? fail(`this is ${typeName(node.type)}, not ${typeName(field.cel)}`, at)
}

/** An id of the collection: of a record, or a value of the kind. */
function toReference(environment: Environment, node: Node, target: CelType, at: At): Node | undefined {
  const sample: Node = { op: 'variable', name: '', type: target, errs: false, size: 1, caller: false }
  const pair = unify(environment, node, sample, at, 'a field can not hold')
  if (pair === 'never') return fail('this text is not an id', at)
  return pair.left.type.kind === pair.right.type.kind ? pair.left : undefined
}

/** A list of ids of the collection, written out or of such a type. */
function toReferences(environment: Environment, node: Node, target: CelType, at: At): Node | undefined {
  if (node.op === 'if') {
    const [yes, no] = [node.yes, node.no].map((branch) => toReferences(environment, branch, target, at))
    return yes === undefined || no === undefined ? undefined : { ...node, yes, no, type: { ...yes.type } }
  }
  if (node.type.kind !== 'list') return undefined
  if (node.op === 'list') {
    const items = node.items.map((item) => (isNull(item) ? undefined : toReference(environment, item, target, at)))
    const ids = items.flatMap((item) => item ?? [])
    return ids.length < items.length ? undefined : { ...node, items: ids }
  }
  const { element } = node.type
  const isSame = element.kind === 'record' && target.kind === 'record' && element.collection === target.collection
  return isSame || (element.kind !== 'record' && element.kind === idTypeOf(environment, target).kind) ? node : undefined
}

function toKind(node: Node, target: CelType, at: At): Node | undefined {
  const { kind } = target
  if (target.kind === 'range') return node.type.kind === 'range' && node.type.of === target.of ? node : undefined
  if (kind === node.type.kind && !isJson(target)) return node
  if (isJson(target)) return toJson(node)
  if (node.type.kind === 'string' && node.op === 'literal' && typeof node.value === 'string') {
    if (
      kind === 'uuid' ||
      kind === 'date' ||
      kind === 'time' ||
      kind === 'timestamp' ||
      kind === 'duration' ||
      kind === 'decimal'
    ) {
      return readOrFail(kind, node.value, at)
    }
  }
  if (kind === 'string' && (node.type.kind === 'uuid' || node.type.kind === 'date' || node.type.kind === 'time')) {
    return {
      op: 'convert',
      of: node,
      type: { kind, nullable: node.type.nullable },
      errs: node.errs,
      size: node.size + 1,
      caller: node.caller,
    }
  }
  if (kind === 'double' && node.type.kind === 'int') return asDouble(node)
  if (kind === 'decimal') return asDecimal(node)
  if (node.type.kind === 'dyn' && (kind === 'bool' || kind === 'int' || kind === 'double' || kind === 'string'))
    return fromJson(node, kind)
  return undefined
}
