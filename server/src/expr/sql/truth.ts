import type { Node, NodeOf } from '../check/node.ts'
import { branchSql } from './branch.ts'
import { type Compiler, type Mode, soundness } from './compiler.ts'
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
import { quoteText } from './literals.ts'
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

function inListSql(compiler: Compiler, node: NodeOf<'in list'>, mode: Mode): Fragment {
  const { needle, list } = node
  const somebody = needle.caller || list.caller ? [compiler.signedIn()] : []
  const array = needle.op === 'convert' ? nativeList(compiler, list) : undefined
  if (array !== undefined && needle.op === 'convert') {
    const listed = operation(`${operand(compiler.value(needle.of))} = any(${array.text})`)
    if (mode === 'truth') return listed
    const answer = atom(`coalesce(${listed.text}, false)`)
    const sound = soundness(compiler, needle)
    return sound === undefined ? conjunction([...somebody, answer]) : when(sound, conjunction([...somebody, answer]))
  }
  const json = compiler.value(needle)
  const value = needle.type.nullable ? atom(`coalesce(${json.text}, 'null'::jsonb)`) : json
  const contained = containment(compiler, needle, value, compiler.value(list))
  const answer =
    somebody.length === 0 ? contained : when(isNotNull(compiler.value(list)), conjunction([...somebody, contained]))
  const sound = needle.type.nullable ? soundness(compiler, needle) : undefined
  return sound === undefined ? answer : when(sound, answer)
}

/** `@>` looks into lists within lists, so it is for scalars only. */
function containment(compiler: Compiler, needle: Node, value: Fragment, list: Fragment): Fragment {
  const scalar = needle.op === 'convert' || needle.op === 'literal'
  if (scalar) return operation(`${operand(list)} @> ${operand(value)}`)
  const alias = compiler.alias()
  return when(
    isNotNull(list),
    atom(`exists (select from jsonb_array_elements(${list.text}) ${alias}(v) where ${alias}.v = ${operand(value)})`),
  )
}
