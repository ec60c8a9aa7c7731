import { quoteText } from '../../db/quote.ts'
import type { Node, NodeOf } from '../check/node.ts'
import { branchSql } from './branch.ts'
import { type Compiler, type Mode, soundness } from './compiler.ts'
import { inEntriesSql } from './entries.ts'
import { equalSql, inItemsSql } from './equality.ts'
import {
  atom,
  conjunction,
  disjunction,
  FALSE,
  type Fragment,
  isNotNull,
  negation,
  operand,
  operation,
  when,
} from './fragment.ts'
import { lookupSql, macroTruth } from './macros.ts'
import { compareSql } from './order.ts'
import { nativeList } from './string-list.ts'

/** A condition as SQL boolean, where CEL's error is NULL: `and` and `or` then absorb errors just as CEL's do. */
export function truthSql(compiler: Compiler, node: Node, mode: Mode): Fragment {
  switch (node.op) {
    case 'and':
      return conjunction(node.args.map((arg) => compiler.truth(arg, mode)))
    case 'or':
      return disjunction(node.args.map((arg) => compiler.truth(arg, mode)))
    case 'not':
      return negation(compiler.truth(node.of, mode === 'truth' ? 'falsity' : mode === 'falsity' ? 'truth' : 'exact'))
    case 'if':
      return branchSql(compiler, node.test, compiler.truth(node.yes, mode).text, compiler.truth(node.no, mode).text)
    case 'equal':
      return equalSql(compiler, node, mode)
    case 'compare':
      return compareSql(compiler, node)
    case 'in items':
      return inItemsSql(compiler, node, mode)
    case 'in list':
      return inListSql(compiler, node, mode)
    case 'in entries':
      return inEntriesSql(compiler, node, mode)
    case 'in keys':
      return atom(`jsonb_exists(${compiler.value(node.map).text}, ${compiler.value(node.needle).text})`)
    case 'has':
      return hasSql(compiler, node, mode)
    case 'can':
      return canSql(compiler, node, mode)
    case 'lookup':
      return lookupSql(compiler, node, mode)
    case 'macro':
      return macroTruth(compiler, node, mode)
    case 'matches':
      // Collation "C" makes \y mean what RE2's \b does.
      return operation(`${operand(compiler.value(node.of))} collate "C" ~ ${quoteText(node.are)}`)
    default:
      return compiler.value(node)
  }
}

function hasSql(compiler: Compiler, { of }: NodeOf<'has'>, mode: Mode): Fragment {
  const there = isNotNull(compiler.value(of))
  if (mode === 'truth') return there
  const sound = soundness(compiler, of)
  return sound === undefined ? there : when(sound, there)
}

/** Nobody has no roles. */
function canSql(compiler: Compiler, { roles, auth }: NodeOf<'can'>, mode: Mode): Fragment {
  if (roles.length === 0) return FALSE
  const type = { kind: 'list', element: { kind: 'string', nullable: false }, nullable: false } as const
  const own: Node = {
    op: 'column',
    row: auth,
    collection: 'users',
    field: 'roles',
    type,
    errs: false,
    size: 1,
    caller: false,
  }
  const names = `array[${roles.map(quoteText).join(', ')}]`
  const array = nativeList(compiler, own)
  const test =
    array === undefined
      ? atom(`jsonb_exists_any(${compiler.value(own).text}, ${names})`)
      : operation(`${operand(array)} && ${names}`)
  return mode === 'truth' ? test : atom(`coalesce(${test.text}, false)`)
}

function inListSql(compiler: Compiler, { needle, list }: NodeOf<'in list'>, mode: Mode): Fragment {
  const somebody = needle.caller || list.caller ? [compiler.signedIn()] : []
  const answer = conjunction([...somebody, inJsonList(compiler, needle, list, mode)])
  // Null can be in a list; where an error looks like it, they have to be told apart.
  if (mode === 'truth' && !(needle.errs && needle.type.nullable)) return answer
  const there = list.errs || list.type.nullable ? [isNotNull(compiler.value(list))] : []
  return when(conjunction([...optional(soundness(compiler, needle)), ...there]), answer)
}

/** False or NULL where an operand errs. */
function inJsonList(compiler: Compiler, needle: Node, list: Node, mode: Mode): Fragment {
  const array = needle.op === 'convert' ? nativeList(compiler, list) : undefined
  if (array !== undefined && needle.op === 'convert') {
    const listed = operation(`${operand(compiler.value(needle.of))} = any(${array.text})`)
    return mode === 'truth' ? listed : atom(`coalesce(${listed.text}, false)`)
  }
  const json = compiler.value(needle)
  const value = needle.type.nullable ? atom(`coalesce(${json.text}, 'null'::jsonb)`) : json
  // `@>` looks into lists within lists, so it is for scalars only.
  const items = compiler.value(list)
  if (needle.op === 'convert' || needle.op === 'literal') return operation(`${operand(items)} @> ${operand(value)}`)
  const alias = compiler.alias()
  return atom(
    `exists (select from jsonb_array_elements(${items.text}) ${alias}(v) where ${alias}.v = ${operand(value)})`,
  )
}

function optional(fragment: Fragment | undefined): Fragment[] {
  return fragment === undefined ? [] : [fragment]
}
