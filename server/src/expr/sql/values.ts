import { quoteText } from '../../db/quote.ts'
import { asDouble } from '../check/coerce.ts'
import type { Node, NodeOf } from '../check/node.ts'
import { inInt64, rangeAfter, rangeOf } from '../check/ranges.ts'
import { isJson } from '../check/type-names.ts'
import { branchSql } from './branch.ts'
import { callSql, daySql, partSql } from './calls.ts'
import { type Compiler, soundness } from './compiler.ts'
import { atom, cast, conjunction, type Fragment, isNotNull, operand, operation, when } from './fragment.ts'
import { readJson } from './json.ts'
import { literalJson, literalSql } from './literals.ts'
import { listMacroSql } from './macros.ts'
import { FUNCTIONS, int64Of } from './numbers.ts'
import { makeRangeSql } from './ranges.ts'
import { columnSql, idSql, memberOfVariable, variableSql } from './rows.ts'
import { listInJson, nativeList } from './string-list.ts'
import { timesSql } from './times.ts'

/** SQL of the node's type; NULL where it is null or errs. */
export function valueSql(compiler: Compiler, node: Node): Fragment {
  switch (node.op) {
    case 'literal':
      return literalSql(node, compiler.scope)
    case 'variable':
      return isJson(node.type) ? readJson(variableSql(compiler, node), node.type) : variableSql(compiler, node)
    case 'id':
      return idSql(compiler, node)
    case 'column':
      return storedSql(compiler, node)
    case 'local':
    case 'member':
    case 'entry':
    case 'item':
      return inJsonSql(compiler, node)
    case 'if':
      return branchSql(compiler, node.test, compiler.value(node.yes).text, compiler.value(node.no).text)
    case 'arithmetic':
      return arithmeticSql(compiler, node)
    case 'negate':
      return negateSql(compiler, node)
    case 'convert':
      return convertSql(compiler, node)
    case 'call':
      return callSql(compiler, node)
    case 'range':
      return makeRangeSql(compiler, node)
    case 'part':
      return partSql(compiler, node)
    case 'day':
      return daySql(compiler, node)
    case 'list':
      return listSql(compiler, node)
    case 'map':
      return mapSql(compiler, node)
    case 'macro':
      return node.macro === 'map' || node.macro === 'filter'
        ? listMacroSql(compiler, node)
        : compiler.truth(node, 'exact')
    default:
      return compiler.truth(node, 'exact')
  }
}

/** `jsonb` as it stands: a step towards what is in it. */
export function rawSql(compiler: Compiler, node: Node): Fragment {
  switch (node.op) {
    case 'member': {
      const { of } = node
      const own = of.op === 'variable' ? memberOfVariable(compiler, of.name, node.name, node.type) : undefined
      return own ?? atom(`(${compiler.raw(of).text} -> ${quoteText(node.name)})`)
    }
    case 'entry':
      return atom(`(${objectOnly(compiler.raw(node.of)).text} -> ${operand(compiler.value(node.key))})`)
    case 'item':
      return atom(`(${arrayOnly(compiler.raw(node.of)).text} -> ${indexSql(compiler, node.at)})`)
    case 'local':
      return atom(compiler.locals.get(node.local) ?? '')
    case 'column': {
      const array = nativeList(compiler, node)
      return array === undefined ? columnSql(compiler, node) : listInJson(array)
    }
    case 'variable':
      return variableSql(compiler, node)
    default:
      return compiler.value(node)
  }
}

/** A column of `jsonb` may hold what its schema did not foresee, by way of SQL. */
function storedSql(compiler: Compiler, node: NodeOf<'column'>): Fragment {
  const array = nativeList(compiler, node)
  if (array !== undefined) return listInJson(array)
  const column = columnSql(compiler, node)
  const isRead = !isJson(node.type) || column.text.startsWith('case ')
  return isRead ? column : readJson(column, node.type)
}

function inJsonSql(compiler: Compiler, node: Node): Fragment {
  // A field of a variable is of its type already; only what is `jsonb` in it is to be read.
  if (node.op === 'member' && node.of.op === 'variable') {
    const own = memberOfVariable(compiler, node.of.name, node.name, node.type)
    if (own !== undefined) return isJson(node.type) && !own.text.startsWith('case ') ? readJson(own, node.type) : own
  }
  return readJson(compiler.raw(node), node.type)
}

function objectOnly(json: Fragment): Fragment {
  return atom(`case jsonb_typeof(${json.text}) when 'object' then ${json.text} end`)
}

function arrayOnly(json: Fragment): Fragment {
  return atom(`case jsonb_typeof(${json.text}) when 'array' then ${json.text} end`)
}

/** PostgreSQL counts negative positions from the end; CEL has none. */
function indexSql(compiler: Compiler, at: Node): string {
  if (at.op === 'literal' && typeof at.value === 'bigint' && at.value >= 0n && at.value < 2n ** 31n)
    return String(at.value)
  return `nullif(least(greatest(${compiler.value(at).text}, -1), 2147483647), -1)::integer`
}

function arithmeticSql(compiler: Compiler, node: NodeOf<'arithmetic'>): Fragment {
  const { operator, left, right, type } = node
  const [a, b] = [compiler.value(left), compiler.value(right)]
  const plain = operation(`${operand(a)} ${operator === '+' && type.kind === 'string' ? '||' : operator} ${operand(b)}`)
  switch (type.kind) {
    case 'int':
      return intSql(node, a, b)
    case 'decimal':
      return operator === '/' ? quotientSql(a, b, node.scale ?? 0) : plain
    case 'double':
      return atom(`roadbase.${FUNCTIONS[operator]}(${a.text}, ${b.text})`)
    case 'timestamp':
    case 'date':
    case 'duration':
      return timesSql(compiler, node)
    default:
      return plain
  }
}

function intSql({ operator, left, right }: NodeOf<'arithmetic'>, a: Fragment, b: Fragment): Fragment {
  const [low, high] = rangeOf(right)
  const divisor = low > 0n || high < 0n ? operand(b) : `nullif(${b.text}, 0)`
  const second = operator === '/' || operator === '%' ? divisor : operand(b)
  if (operator === '%' || inInt64(rangeAfter(operator, rangeOf(left), rangeOf(right))))
    return operation(`${operand(a)} ${operator} ${second}`)
  const [x, y] = [`${operand(a)}::numeric`, `${second}::numeric`]
  return int64Of(atom(operator === '/' ? `div(${x}, ${y})` : `${x} ${operator} ${y}`))
}

/** Half away from zero: the digit after the last decides, and truncation keeps it. */
function quotientSql(a: Fragment, b: Fragment, scale: number): Fragment {
  const shift = `1${'0'.repeat(scale + 1)}`
  return atom(`round(div(${operand(a)} * ${shift}, nullif(${b.text}, 0)) * 0.${'0'.repeat(scale)}1, ${scale})`)
}

function negateSql(compiler: Compiler, node: NodeOf<'negate'>): Fragment {
  const { of } = node
  const value = compiler.value(of)
  if (node.type.kind === 'duration') return atom(`roadbase.subtract('0 seconds'::interval, ${value.text})`)
  if (node.type.kind === 'int' && !inInt64(rangeAfter('-', [0n, 0n], rangeOf(of))))
    return int64Of(atom(`-${operand(value)}::numeric`))
  return operation(`-${operand(value)}`)
}

/** To the kind in which the other operand is. */
function convertSql(compiler: Compiler, { of, type }: NodeOf<'convert'>): Fragment {
  if (isJson(of.type)) return readJson(compiler.raw(of), type)
  if (type.kind === 'dyn') return of.op === 'literal' ? literalJson(of) : atom(`to_jsonb(${compiler.value(of).text})`)
  if (of.op === 'literal' && type.kind === 'double') return compiler.value(asDouble(of))
  return cast(
    compiler.value(of),
    type.kind === 'double' ? 'double precision' : type.kind === 'decimal' ? 'numeric' : 'text',
  )
}

function listSql(compiler: Compiler, { items }: NodeOf<'list'>): Fragment {
  return sound(compiler, items, atom(`jsonb_build_array(${items.map((item) => jsonItem(compiler, item)).join(', ')})`))
}

function mapSql(compiler: Compiler, { entries }: NodeOf<'map'>): Fragment {
  const pairs = entries.map(([key, value]) => `${quoteText(key)}, ${jsonItem(compiler, value)}`)
  return sound(
    compiler,
    entries.map(([, value]) => value),
    atom(`jsonb_build_object(${pairs.join(', ')})`),
  )
}

function jsonItem(compiler: Compiler, item: Node): string {
  return item.op === 'literal' ? literalJson(item).text : compiler.value(item).text
}

/** A list with an item that errs is an error, not a list with a null in it. */
function sound(compiler: Compiler, items: readonly Node[], value: Fragment): Fragment {
  const conditions = items.flatMap((item) => soundness(compiler, item) ?? [])
  return conditions.length === 0 ? value : when(conjunction(conditions), value)
}

/** True where a node of a nullable type does not err. */
export function guardSql(compiler: Compiler, node: Node): Fragment | undefined {
  if (!node.errs) return undefined
  switch (node.op) {
    case 'column':
      return compiler.rowExists(node.row)
    case 'id':
      return guardSql(compiler, node.of)
    case 'member':
      return conjunction([...ofParent(compiler, node.of), ...isObject(compiler, node.of)])
    case 'entry':
      return conjunction([
        ...ofParent(compiler, node.of),
        ...isObject(compiler, node.of),
        isNotNull(compiler.value(node.key)),
      ])
    case 'item':
      return isNotNull(compiler.raw(node))
    case 'if': {
      const side = (branch: Node) => soundness(compiler, branch)?.text ?? 'true'
      return atom(`coalesce(${branchSql(compiler, node.test, side(node.yes), side(node.no)).text}, false)`)
    }
    case 'convert':
      return soundness(compiler, node.of)
    case 'call':
      // An end that is not there is null, and no error.
      return conjunction(node.args.map((arg) => isNotNull(compiler.value(arg))))
    default:
      return isNotNull(compiler.value(node))
  }
}

function ofParent(compiler: Compiler, of: Node): Fragment[] {
  const parent = of.errs ? soundness(compiler, of) : undefined
  return parent === undefined ? [] : [parent]
}

function isObject(compiler: Compiler, of: Node): Fragment[] {
  if (of.op === 'variable' && !isJson(of.type)) return []
  if (of.op === 'variable' && of.type.kind === 'object') return []
  return [atom(`coalesce(jsonb_typeof(${compiler.raw(of).text}) = 'object', false)`)]
}
