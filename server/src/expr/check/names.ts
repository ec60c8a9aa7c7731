import type { CelType } from '../cel-type.ts'
import type { Ast } from '../parse.ts'
import { type Environment, type FieldDeclaration, FREE } from '../types.ts'
import { idTypeOf } from './coerce.ts'
import { rangeOfField } from './field-facts.ts'
import type { Node } from './node.ts'
import { checkEnd } from './range-values.ts'
import { fail, type Scope } from './scope.ts'
import { meant } from './suggest.ts'
import { typeName, withNull } from './type-names.ts'

type Check = (scope: Scope, ast: Ast) => Node

/** A variable, one of a macro, or a parameter of a term. */
export function checkName(scope: Scope, ast: Extract<Ast, { op: 'id' }>): Node {
  const name = ast.args
  if (factsOf(scope, ast) !== undefined)
    return fail(
      `'${name}' is followed by the name of a field: ${name}.x`,
      ast,
      `has(${name}.x) tells whether it is there`,
    )
  const bound = scope.names.get(name)
  if (bound !== undefined) return bound
  const type = scope.variables.get(name)
  if (type === undefined) return freeName(scope, name, ast) ?? unknownName(scope, name, ast)
  if (isSettings(scope, ast)) return fail("'settings' is followed by the name of a setting: settings.name", ast)
  return variable(scope, name, type)
}

/** What a field is taken of, or a term is applied to. */
export function checkWhole(scope: Scope, ast: Ast, check: Check): Node {
  return factsOf(scope, ast) ?? check(scope, ast)
}

/** `data` and `request`, also as the operand of a term. They are no values of their own: statements have columns of them. */
function factsOf(scope: Scope, ast: Ast): Node | undefined {
  if (ast.op !== 'id' || scope.client) return undefined
  const bound = scope.names.get(ast.args)
  if (bound !== undefined) return bound.op === 'variable' && isFacts(bound.name, bound.type) ? bound : undefined
  const type = scope.variables.get(ast.args)
  return type !== undefined && isFacts(ast.args, type) ? variable(scope, ast.args, type) : undefined
}

function isFacts(name: string, { kind }: CelType): boolean {
  return kind === 'object' && (name === 'data' || name === 'request')
}

function variable(scope: Scope, name: string, type: CelType): Node {
  if (type.kind !== 'record' && type.kind !== 'object') scope.reads.variables.add(name)
  else if (!['auth', 'record', 'data', 'request'].includes(name)) scope.reads.variables.add(name)
  if (name === 'now') scope.reads.now = true
  if (name === 'auth') scope.reads.auth.add('id')
  const node: Node = { op: 'variable', name, type, errs: false, size: 1, caller: name === 'auth' }
  return { ...node, ...rangeOfVariable(type) }
}

function rangeOfVariable(type: CelType) {
  return type.kind === 'decimal' ? { scale: 30 } : {}
}

/** Of a collection that keeps what its document does not name, any other name is a key of that. */
function freeName(scope: Scope, name: string, ast: Ast): Node | undefined {
  const type = scope.variables.get(FREE)
  if (type === undefined || name === 'db' || scope.environment.terms.has(name)) return undefined
  return member(scope, variable(scope, FREE, type), name, { start: ast.pos })
}

function unknownName(scope: Scope, name: string, ast: Ast): never {
  const own = scope.of === undefined ? undefined : scope.environment.collections.get(scope.of)
  if (own?.inverses?.has(name) === true) return relationBack(name, ast)
  if (name === 'db') {
    const message = scope.lookups
      ? "'db' is followed by a collection: db.members.exists(m, …)"
      : "'db' is not available here"
    return fail(message, ast)
  }
  const terms = scope.environment.terms.has(name) ? `'${name}' is a term: write ${name}(…)` : undefined
  return fail(
    `there is no '${name}' here`,
    ast,
    terms ?? meant(name, [...scope.names.keys(), ...scope.variables.keys(), ...(own?.inverses?.keys() ?? [])]),
  )
}

function relationBack(name: string, at: { readonly start: number }): never {
  return fail(`'${name}' is a relation back, and no value`, at, `write ${name}.exists(x, …)`)
}

/** `a.b`: a field of a record, of an object or of a map. */
export function checkSelection(scope: Scope, ast: Extract<Ast, { op: '.' }>, check: Check): Node {
  const [ofAst, name] = ast.args
  // The node starts where its whole path does; the name stands at `pos`.
  const at = { start: ast.pos }
  if (isSettings(scope, ofAst)) return setting(scope, name, at)
  const of = checkWhole(scope, ofAst, check)
  if (of.type.kind === 'record') return column(scope, of, of.type.collection, name, at)
  return of.type.kind === 'range' ? checkEnd(of, name, at) : member(scope, of, name, at)
}

/** The variable, not a field of that name in a client's filter, nor a variable of a macro. */
function isSettings({ environment, variables, names }: Scope, ast: Ast): boolean {
  const isName = ast.op === 'id' && ast.args === 'settings' && !names.has('settings')
  return isName && environment.settings !== undefined && variables.has('settings')
}

/** What the installation has set. */
function setting(scope: Scope, name: string, at: { readonly start: number }): Node {
  const { fields, secrets } = scope.environment.settings ?? { fields: new Map<string, CelType>(), secrets: new Set() }
  if (secrets.has(name)) fail(`the setting '${name}' is secret: no expression reads it`, at)
  const type = fields.get(name) ?? fail(`there is no setting '${name}'`, at, meant(name, fields.keys()))
  scope.reads.settings.add(name)
  const all: CelType = { kind: 'object', fields, nullable: false }
  const of: Node = { op: 'variable', name: 'settings', type: all, errs: false, size: 1, caller: false }
  return { op: 'member', of, name, type, errs: false, size: 2, caller: false, ...rangeOfVariable(type) }
}

/** A field of a record. */
export function column(
  scope: Scope,
  row: Node,
  collection: string,
  name: string,
  at: { readonly start: number },
): Node {
  const declared = scope.environment.collections.get(collection)
  const field = declared?.fields.get(name)
  if (field === undefined && name !== FREE && declared?.fields.has(FREE) === true) {
    return member(scope, column(scope, row, collection, FREE, at), name, at)
  }
  if (field === undefined || (scope.client && field.hidden && name !== FREE)) {
    const known = [...(declared?.fields ?? [])]
      .filter(([, { hidden }]) => !(scope.client && hidden))
      .map(([key]) => key)
    if (declared?.inverses?.has(name) === true) return relationBack(name, at)
    const hint =
      row.op === 'variable' && row.name === 'auth' && name === 'can' ? "write auth.can('…')" : meant(name, known)
    return fail(`'${collection}' has no field '${name}'`, at, hint)
  }
  remember(scope, row, collection, name)
  const hop = row.op === 'column' || row.op === 'member' || row.type.nullable
  return {
    op: 'column',
    row,
    collection,
    field: name,
    type: columnType(field, row),
    errs: row.errs || hop || isReferenceVariable(row),
    size: row.size + 1,
    caller: row.caller && !isRoles(row, name),
    ...rangeOfField(field),
  }
}

/** Nobody has no fields, but has no roles either: an empty list. */
function columnType(field: FieldDeclaration, row: Node): CelType {
  const nobody = row.op === 'variable' && row.name === 'auth'
  const { cel } = field.type
  if (nobody && cel.kind === 'list') return withNull(cel, field.nullable)
  return withNull(cel, field.nullable || nobody)
}

function isRoles(row: Node, name: string): boolean {
  return row.op === 'variable' && row.name === 'auth' && name === 'roles'
}

/** A bare field of a filter that is a reference: a record by its type, only an id at hand. */
function isReferenceVariable(row: Node): boolean {
  return row.op === 'variable' && row.name !== 'auth' && row.name !== 'record'
}

function remember({ reads }: Scope, row: Node, collection: string, name: string): void {
  reads.fields.add(`${collection}.${name}`)
  if (row.op === 'variable' && row.name === 'auth') {
    reads.auth.add(name)
  } else if (row.op === 'variable' && row.name === 'record') {
    reads.record.add(name)
  } else if (row.op !== 'local' && name !== 'id') {
    reads.collections.add(collection)
  }
}

function member(scope: Scope, of: Node, name: string, at: { readonly start: number }): Node {
  const type = memberType(of.type, name, at)
  if (of.op === 'variable' && of.name === 'data') scope.reads.data.add(name)
  if (of.op === 'variable' && of.name === 'request') scope.reads.request.add(name)
  const facts = { errs: of.errs || of.type.nullable || of.type.kind === 'dyn', size: of.size + 1, caller: of.caller }
  const scale = type.kind === 'decimal' ? { scale: 30 } : {}
  return { op: 'member', of, name, type, ...facts, ...scale }
}

function memberType(type: CelType, name: string, at: { readonly start: number }): CelType {
  if (type.kind === 'dyn') return { kind: 'dyn', nullable: true }
  if (type.kind === 'map') return withNull(type.value, true)
  if (type.kind !== 'object') return fail(`${typeName(type)} has no field '${name}'`, at)
  const field = type.fields.get(name)
  return field ?? fail(`there is no field '${name}'`, at, meant(name, type.fields.keys()))
}

/** `list[0]`, `map['key']`. */
export function checkIndex(environment: Environment, of: Node, at: Node, ast: { readonly start: number }): Node {
  const { kind } = of.type
  const facts = { size: of.size + at.size + 1, caller: of.caller }
  if (at.type.kind === 'int' && (kind === 'list' || kind === 'dyn')) {
    const element = of.type.kind === 'list' ? of.type.element : of.type
    return { op: 'item', of, at, type: withNull(idTypeOf(environment, element), true), errs: true, ...facts }
  }
  if (at.type.kind === 'string' && (kind === 'map' || kind === 'dyn')) {
    const value = of.type.kind === 'map' ? of.type.value : of.type
    const errs = of.errs || of.type.nullable || at.errs || at.type.nullable || kind === 'dyn'
    return { op: 'entry', of, key: at, type: withNull(value, true), errs, ...facts }
  }
  if (kind === 'object' && of.type.kind === 'object' && at.op === 'literal' && typeof at.value === 'string') {
    const type = memberType(of.type, at.value, ast)
    return { op: 'member', of, name: at.value, type, errs: of.errs || of.type.nullable, ...facts }
  }
  return fail(`${typeName(of.type)} can not be indexed by ${typeName(at.type)}`, ast)
}
