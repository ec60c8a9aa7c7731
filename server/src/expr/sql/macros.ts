import type { Node, NodeOf } from '../check/node.ts'
import { type Compiler, type Mode, soundness } from './compiler.ts'
import { elementRows } from './entries.ts'
import { atom, conjunction, type Fragment, isNotNull, operand, operation, when } from './fragment.ts'

/**
 * `exists` and relatives with CEL's errors: `exists` is true when one is, else an error when one errs.
 * `p` is the condition of each row; comparing counts shows whether one of them is NULL.
 */
const RESULTS = {
  exists: 'case when bool_or(p) then true when count(*) = count(p) then false end',
  all: 'case when not bool_and(p) then false when count(*) = count(p) then true end',
  exists_one: 'case when count(*) = count(p) then count(*) filter (where p) = 1 end',
} as const

/** `list.exists(x, …)`, `all`, `exists_one`. */
export function macroTruth(compiler: Compiler, node: NodeOf<'macro'>, mode: Mode): Fragment {
  const { macro, over, test } = node
  if (test === undefined || macro === 'map' || macro === 'filter') return compiler.value(node)
  const list = compiler.value(over)
  const { from: rows } = elementRows(compiler, node, list)
  const alias = compiler.alias()
  const certain = !test.errs && !test.type.nullable
  const listed = over.errs || over.type.nullable || over.op !== 'list'

  if (macro === 'exists' && (mode === 'truth' || (certain && !listed))) {
    return atom(`exists (select from ${rows} where ${compiler.truth(test, 'truth').text})`)
  }
  if (macro === 'all' && mode === 'truth') {
    const failing = atom(`exists (select from ${rows} where ${operand(compiler.truth(test, 'truth'))} is not true)`)
    return conjunction([...(listed ? [isNotNull(list)] : []), { text: `not ${failing.text}`, level: 2 }])
  }
  const counted = atom(
    `(select ${RESULTS[macro]} from (select ${compiler.truth(test, 'exact').text} as p from ${rows}) ${alias}_p)`,
  )
  return listed ? when(isNotNull(list), counted) : counted
}

/** `list.map(x, …)` and `list.filter(x, …)`, in the order of the list. */
export function listMacroSql(compiler: Compiler, node: NodeOf<'macro'>): Fragment {
  const { over, test, result } = node
  const list = compiler.value(over)
  const rows = elementRows(compiler, node, list)
  const alias = compiler.alias()
  const p = test === undefined ? 'true' : compiler.truth(test, 'exact').text
  const value = result === undefined ? rows.value : compiler.value(result).text
  const ok = result === undefined ? undefined : soundness(compiler, result)
  const item = test === undefined ? value : `case when ${p} then ${value} end`
  const columns = [
    `${p} as p`,
    `${item} as item`,
    `${rows.position} as n`,
    ...(ok === undefined ? [] : [`${test === undefined ? ok.text : `case when ${p} then ${ok.text} end`} as ok`]),
  ]
  const sound = ok === undefined ? 'count(*) = count(p)' : 'count(*) = count(p) and coalesce(bool_and(ok), true)'
  const gathered = `coalesce(jsonb_agg(coalesce(item, 'null'::jsonb) order by n) filter (where p), '[]'::jsonb)`
  return when(
    isNotNull(list),
    atom(
      `(select case when ${sound} then ${gathered} end from (select ${columns.join(', ')} from ${rows.from}) ${alias}_p)`,
    ),
  )
}

/** `db.members.exists(m, …)`, and over a relation back: a correlated subselect on bare columns. */
export function lookupSql(compiler: Compiler, node: NodeOf<'lookup'>, mode: Mode): Fragment {
  const { test } = node
  const table = compiler.environment.collections.get(node.collection)?.table
  if (table === undefined) throw new Error(`There is no collection '${node.collection}'`)
  const alias = compiler.alias()
  compiler.locals.set(node.local, alias)
  const from = `${table} ${alias}`
  const listed = node.back === true ? compiler.scope.listed?.(node.collection, alias) : undefined
  const shown = listed === undefined || listed === 'true' ? [] : [atom(`(${listed})`)]
  if (mode === 'truth' || !(test.errs || test.type.nullable)) {
    return existsIn(from, conjunction([...shown, compiler.truth(test, 'truth')]))
  }

  // What can't err narrows the rows, by an index if there is one; only the rest is looked at for errors.
  const parts = test.op === 'and' ? test.args : [test]
  const certain = [...shown, ...parts.filter((part) => !mayErr(part)).map((part) => compiler.truth(part, 'truth'))]
  const uncertain = parts.filter(mayErr)
  if (mode === 'falsity') {
    const notFalse = uncertain.map((part) => operation(`${operand(compiler.truth(part, 'falsity'))} is not false`))
    return existsIn(from, conjunction([...certain, ...notFalse]))
  }
  const p = conjunction(uncertain.map((part) => compiler.truth(part, 'exact')))
  const where = conjunction(certain)
  const filter = where.text === 'true' ? '' : ` where ${where.text}`
  return atom(`(select ${RESULTS.exists} from (select ${p.text} as p from ${from}${filter}) ${alias}_p)`)
}

function existsIn(from: string, condition: Fragment): Fragment {
  return atom(`exists (select from ${from}${condition.text === 'true' ? '' : ` where ${condition.text}`})`)
}

function mayErr(node: Node): boolean {
  return node.errs || node.type.nullable
}
