import { quoteName } from '../../db/quote.ts'
import { UUID_PATTERN } from '../../db/uuid.ts'
import type { CelType } from '../cel-type.ts'
import { isNull } from '../check/build.ts'
import { idTypeOf } from '../check/coerce.ts'
import type { Node, NodeOf } from '../check/node.ts'
import { type Compiler, type Mode, soundness } from './compiler.ts'
import { atom, conjunction, type Fragment, isNotNull, operand, operation, when } from './fragment.ts'
import { parsed, readJson } from './json.ts'
import { columnSql } from './rows.ts'

/** `'id' in tags`: of a stored record by the index on the entries, else by the list as it stands. */
export function inEntriesSql(compiler: Compiler, { needle, list }: NodeOf<'in entries'>, mode: Mode): Fragment {
  const somebody = needle.caller || list.caller ? [compiler.signedIn()] : []
  const id = idSqlOf(compiler, needle, list.type)
  const stored = mode === 'truth' && !isNull(needle) ? storedEntries(compiler, list) : undefined
  if (stored !== undefined) {
    const alias = compiler.alias()
    const where = `${alias}.owner = ${stored.owner} and ${alias}.target = ${operand(id)}`
    return conjunction([...somebody, atom(`exists (select from ${stored.table} ${alias} where ${where})`)])
  }
  const test = operation(`${operand(compiler.value(list))} @> to_jsonb(${id.text})`)
  if (mode === 'truth') return conjunction([...somebody, test])
  const sound = soundness(compiler, needle)
  const there = list.errs || list.type.nullable ? [isNotNull(compiler.value(list))] : []
  return when(
    conjunction([...(sound === undefined ? [] : [sound]), ...there]),
    conjunction([...somebody, atom(`coalesce(${test.text}, false)`)]),
  )
}

/** A text beside ids is one if it looks like one. */
function idSqlOf(compiler: Compiler, needle: Node, list: CelType): Fragment {
  if (isNull(needle)) return atom('null::text')
  const value = compiler.value(needle)
  const isUuid = list.kind === 'list' && idTypeOf(compiler.environment, list.element).kind === 'uuid'
  if (needle.type.kind !== 'string' || !isUuid) return value
  return parsed(atom(`lower(${operand(value)} collate "C")`), UUID_PATTERN, 'uuid')
}

export interface ElementRows {
  readonly from: string
  /** The element as it stands in the list. */
  readonly value: string
  readonly position: string
}

/**
 * What a macro goes through: the elements of a list, or the records that it refers to. Those that are not there for
 * whoever asks are passed over.
 */
export function elementRows(compiler: Compiler, { over, local }: NodeOf<'macro'>, list: Fragment): ElementRows {
  const alias = compiler.alias()
  const rows = { value: `${alias}.v`, position: `${alias}.n` }
  const elements = `jsonb_array_elements(${list.text}) with ordinality ${alias}(v, n)`
  if (local.type.kind !== 'record') {
    compiler.locals.set(local, rows.value)
    return { ...rows, from: elements }
  }
  const stored = storedEntries(compiler, over)
  const id = readJson(atom(rows.value), idTypeOf(compiler.environment, local.type))
  const target = joined(compiler, local, stored === undefined ? id.text : `${alias}.target`)
  if (stored === undefined) return { ...rows, from: `${elements} ${target}` }
  const from = `(select j.target, to_jsonb(j.target) as v, j.position as n from ${stored.table} j where j.owner = ${stored.owner}) ${alias}`
  return { ...rows, from: `${from} ${target}` }
}

/** The records themselves, each under the rules of its collection where a client asks. */
function joined(compiler: Compiler, local: NodeOf<'macro'>['local'], id: string): string {
  const { environment, scope } = compiler
  const name = local.type.kind === 'record' ? local.type.collection : ''
  const collection = environment.collections.get(name)
  if (collection === undefined) throw new Error(`There is no collection '${name}'`)
  const row = compiler.alias()
  compiler.locals.set(local, row)
  const visible = scope.hop?.(name, row)
  const key = `${row}.${quoteName(collection.fields.get('id')?.column ?? 'id')} = ${id}`
  return `join ${collection.table} ${row} on ${key}${visible === undefined ? '' : ` and (${visible})`}`
}

interface StoredEntries {
  /** Quoted and qualified. */
  readonly table: string
  /** SQL of the id of the record that has the list. */
  readonly owner: string
}

/** Where the entries of a list are rows at hand: those of a record as it is stored, not as it is being written. */
function storedEntries(compiler: Compiler, list: Node): StoredEntries | undefined {
  const { environment, locals, scope } = compiler
  if (list.op === 'variable') {
    const variable = scope.variables.get(list.name)
    return variable !== undefined && 'sql' in variable ? variable.entries : undefined
  }
  if (list.op !== 'column') return undefined
  const collection = environment.collections.get(list.collection)
  const table = collection?.fields.get(list.field)?.entries
  const alias = list.row.op === 'local' ? locals.get(list.row.local) : storedAlias(compiler, list.row)
  if (collection === undefined || table === undefined || alias === undefined) return undefined
  // Under a rule of the field the entries are as hidden as the list is.
  if (columnSql(compiler, list).text.startsWith('case ') || list.type.nullable) return undefined
  return { table, owner: `${alias}.${quoteName(collection.fields.get('id')?.column ?? 'id')}` }
}

function storedAlias({ scope }: Compiler, row: Node): string | undefined {
  const variable = row.op === 'variable' ? scope.variables.get(row.name) : undefined
  return variable !== undefined && 'row' in variable && variable.stored === true ? variable.row : undefined
}
