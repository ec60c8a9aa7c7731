import { quoteName, quoteText } from '../../db/quote.ts'
import type { CelType } from '../cel-type.ts'
import type { Node, NodeOf } from '../check/node.ts'
import type { SqlVariable } from '../sql-scope.ts'
import type { CollectionType, FieldDeclaration } from '../types.ts'
import type { Compiler } from './compiler.ts'
import { atom, conjunction, type Fragment, NULL, operand, operation } from './fragment.ts'
import { readJson } from './json.ts'

/** A field of a record: a column at hand, or a scalar subselect over the references that lead to it. */
export function columnSql(compiler: Compiler, node: NodeOf<'column'>): Fragment {
  const { row, field } = node
  const collection = collectionOf(compiler, node.collection)
  if (isReference(compiler, row)) {
    // The id of what a reference points to is the reference.
    if (field === 'id') return compiler.value(asId(row, node.type))
    const path = pathTo(compiler, row)
    return atom(`(select ${columnOf(compiler, collection, field, path.alias)} from ${path.from} where ${path.where})`)
  }
  if (row.op === 'local') return scalar(columnOf(compiler, collection, field, compiler.locals.get(row.local) ?? ''))
  const variable = row.op === 'variable' ? compiler.scope.variables.get(row.name) : undefined
  return variable === undefined ? missing(row) : ofVariable(compiler, variable, collection, field, node.type)
}

/** What a reference holds, or a record's own id. */
export function idSql(compiler: Compiler, { of, type }: NodeOf<'id'>): Fragment {
  if (of.op === 'column') return columnSql(compiler, of)
  if (of.op === 'member') return compiler.value({ ...of, type })
  const variable = of.op === 'variable' ? compiler.scope.variables.get(of.name) : undefined
  if (variable !== undefined && 'sql' in variable) return scalar(variable.sql)
  if (of.type.kind !== 'record') return missing(of)
  const { collection } = of.type
  return columnSql(compiler, {
    op: 'column',
    row: of,
    collection,
    field: 'id',
    type,
    errs: false,
    size: 1,
    caller: false,
  })
}

/** True where the record exists that the field is read of. */
export function rowExists(compiler: Compiler, row: Node): Fragment | undefined {
  if (!isReference(compiler, row)) return undefined
  const path = pathTo(compiler, row)
  return atom(`exists (select from ${path.from} where ${path.where})`)
}

/** A scalar variable. */
export function variableSql(compiler: Compiler, node: NodeOf<'variable'>): Fragment {
  const variable = compiler.scope.variables.get(node.name)
  if (variable === undefined) return missing(node)
  if ('sql' in variable) return scalar(variable.sql)
  if ('json' in variable) return atom(`(${variable.json})`)
  throw new Error(`The variable '${node.name}' is a row, not a value`)
}

/** A field of a variable that is an object, such as what was sent. */
export function memberOfVariable(compiler: Compiler, name: string, field: string, type: CelType): Fragment | undefined {
  const variable = compiler.scope.variables.get(name)
  if (variable === undefined || 'sql' in variable) return undefined
  if ('columns' in variable) return scalar(variable.columns.get(field) ?? 'null')
  if ('row' in variable) return atom(`${variable.row}.${quoteName(field)}`)
  return readJson(atom(`(${variable.json} -> ${quoteText(field)})`), type)
}

interface Path {
  readonly from: string
  readonly where: string
  /** Of the row at its end. */
  readonly alias: string
}

/** The rows from what is at hand to the record that a reference points to. */
function pathTo(compiler: Compiler, reference: Node): Path {
  if (reference.type.kind !== 'record') return missing(reference)
  const target = collectionOf(compiler, reference.type.collection)
  const previous =
    reference.op === 'column' && isReference(compiler, reference.row)
      ? { row: reference.row, field: reference.field, collection: reference.collection }
      : undefined
  if (previous === undefined) {
    const alias = compiler.alias()
    const value = idSql(compiler, {
      op: 'id',
      of: reference,
      type: idType(target),
      errs: false,
      size: 1,
      caller: false,
    })
    const where = conjunction([
      operation(`${idColumn(target, alias)} = ${operand(value)}`),
      ...visible(compiler, target, alias),
    ])
    return { from: `${target.table} ${alias}`, where: where.text, alias }
  }
  const path = pathTo(compiler, previous.row)
  const alias = compiler.alias()
  const value = columnOf(compiler, collectionOf(compiler, previous.collection), previous.field, path.alias)
  const on = conjunction([operation(`${idColumn(target, alias)} = ${value}`), ...visible(compiler, target, alias)])
  return { from: `${path.from} join ${target.table} ${alias} on ${on.text}`, where: path.where, alias }
}

function visible({ scope }: Compiler, { name }: CollectionType, alias: string): Fragment[] {
  const condition = scope.hop?.(name, alias)
  return condition === undefined ? [] : [atom(`(${condition})`)]
}

function columnOf({ scope }: Compiler, collection: CollectionType, field: string, alias: string): string {
  return scope.column?.(collection.name, field, alias) ?? `${alias}.${quoteName(declared(collection, field).column)}`
}

function ofVariable(
  compiler: Compiler,
  variable: SqlVariable,
  collection: CollectionType,
  field: string,
  type: CelType,
): Fragment {
  if ('row' in variable) return scalar(columnOf(compiler, collection, field, variable.row))
  if ('columns' in variable) {
    const column = variable.columns.get(field)
    return column === undefined ? NULL : scalar(column)
  }
  if ('json' in variable) return readJson(atom(`(${variable.json} -> ${quoteText(field)})`), type)
  return scalar(variable.sql)
}

/** Whether the record is somewhere else: its row has to be fetched by the id that is here. */
function isReference({ scope }: Compiler, row: Node): boolean {
  if (row.op === 'column' || row.op === 'member') return true
  const variable = row.op === 'variable' ? scope.variables.get(row.name) : undefined
  return variable !== undefined && 'sql' in variable
}

function asId(row: Node, type: CelType): Node {
  return { op: 'id', of: row, type, errs: row.errs, size: row.size + 1, caller: row.caller }
}

function idColumn(collection: CollectionType, alias: string): string {
  return `${alias}.${quoteName(declared(collection, 'id').column)}`
}

function idType(collection: CollectionType): CelType {
  return declared(collection, 'id').type.cel
}

function collectionOf({ environment }: Compiler, name: string): CollectionType {
  const collection = environment.collections.get(name)
  if (collection === undefined) throw new Error(`There is no collection '${name}'`)
  return collection
}

function declared(collection: CollectionType, field: string): FieldDeclaration {
  const declaration = collection.fields.get(field)
  if (declaration === undefined) throw new Error(`'${collection.name}' has no field '${field}'`)
  return declaration
}

const PLAIN = /^(?:[\w$]+|"[^"]+")(?:\.(?:[\w$]+|"[^"]+"))*(?:\(\))?(?:::[\w()]+)?$/

/** SQL given to us: in brackets unless it is a name. */
function scalar(sql: string): Fragment {
  return PLAIN.test(sql) ? atom(sql) : atom(`(${sql})`)
}

function missing(node: Node): never {
  const name = node.op === 'variable' ? ` '${node.name}'` : ''
  throw new Error(`The scope has no place for the variable${name} (${node.op})`)
}
