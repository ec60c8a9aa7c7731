import type { CelType, EndKind } from '../cel-type.ts'
import type { Node, NodeOf } from '../check/node.ts'
import { mayBeOpen } from '../check/range-values.ts'
import { DECIMAL_PRECISION } from '../field-types.ts'
import { type Compiler, soundness } from './compiler.ts'
import { atom, cast, conjunction, type Fragment, isNotNull, operand, when } from './fragment.ts'

const RANGES: Readonly<Record<EndKind, string>> = {
  date: 'daterange',
  timestamp: 'tstzrange',
  int: 'int8range',
  decimal: 'numrange',
}

const ENDS: Readonly<Record<EndKind, string>> = {
  date: 'date',
  timestamp: 'timestamptz',
  int: 'bigint',
  decimal: 'numeric',
}

/** `range(a, b)`; NULL where there is nothing between the ends. */
export function makeRangeSql(compiler: Compiler, { from, until, type }: NodeOf<'range'>): Fragment {
  const of = type.kind === 'range' ? type.of : 'date'
  const ends = [from, until].map((end) => typed(compiler.value(end), ENDS[of]).text)
  const sound = [from, until].flatMap((end) => endIsSound(compiler, end))
  return when(conjunction(sound), atom(`roadbase.range(${ends.join(', ')})`))
}

function endIsSound(compiler: Compiler, end: Node): Fragment[] {
  if (end.type.nullable && !mayBeOpen(end)) return [isNotNull(compiler.value(end))]
  const sound = soundness(compiler, end)
  return sound === undefined ? [] : [sound]
}

/** The range that a call is about. PostgreSQL can not tell the type of a bare NULL, and has a `lower` of texts. */
export function rangeSql(compiler: Compiler, node: Node): Fragment {
  const value = compiler.value(node)
  return node.type.kind === 'range' ? typed(value, RANGES[node.type.of]) : value
}

export function endSql(type: CelType, range: Fragment, end: 'from' | 'until'): Fragment {
  const value = atom(`${end === 'from' ? 'lower' : 'upper'}(${range.text})`)
  // A `numrange` has the digits that were sent, and a field the digits of its scale.
  const isScaled = type.kind === 'range' && type.scale !== undefined
  return isScaled ? cast(value, `numeric(${DECIMAL_PRECISION},${type.scale})`) : value
}

/** An object of two ends as a range. `readEnd` gives NULL for what is none of the kind. */
export function rangeInJson(
  json: Fragment,
  of: EndKind,
  readEnd: (json: Fragment, type: CelType) => Fragment,
): Fragment {
  const ends = (['from', 'until'] as const).map((name) => {
    const raw = atom(`(${operand(json)} -> '${name}')`)
    const value = readEnd(raw, { kind: of, nullable: true })
    const isSound = `(coalesce(jsonb_typeof(${raw.text}), 'null') = 'null' or ${operand(value)} is not null)`
    return { value: value.text, isSound }
  })
  const sound = [`jsonb_typeof(${json.text}) = 'object'`, ...ends.map(({ isSound }) => isSound)]
  return atom(`case when ${sound.join(' and ')} then roadbase.range(${ends.map(({ value }) => value).join(', ')}) end`)
}

function typed(value: Fragment, type: string): Fragment {
  return value.text === 'null' ? cast(value, type) : value
}
