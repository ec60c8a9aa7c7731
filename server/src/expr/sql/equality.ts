import { UUID_PATTERN } from '../../db/uuid.ts'
import { isNull as isNullLiteral, logical } from '../check/build.ts'
import type { Node, NodeOf, Pair } from '../check/node.ts'
import { type Compiler, type Mode, soundness } from './compiler.ts'
import {
  atom,
  cast,
  conjunction,
  disjunction,
  FALSE,
  type Fragment,
  isNotNull,
  isNull,
  operand,
  operation,
  TRUE,
  when,
} from './fragment.ts'
import { parsed } from './json.ts'
import { literalJson } from './literals.ts'

/**
 * `==` and `!=`. Null equals null, but nobody equals nothing: a comparison with what the caller is, is false when
 * nobody is signed in. Where only truth matters it comes down to a plain `=`, which indexes serve.
 */
export function equalSql(compiler: Compiler, node: NodeOf<'equal'>, mode: Mode): Fragment {
  const { left, right, negated } = node
  if (isNullLiteral(right)) return nullTest(compiler, left, negated, mode)
  if (isNullLiteral(left)) return nullTest(compiler, right, negated, mode)
  if (mode === 'truth') return negated ? truthOfUnequal(compiler, node) : truthOfEqual(compiler, node)
  return exact(compiler, node)
}

function nullTest(compiler: Compiler, of: Node, negated: boolean, mode: Mode): Fragment {
  if (isNullLiteral(of)) return negated ? FALSE : TRUE
  const value = compiler.value(of)
  const answer = negated ? isNotNull(value) : isNull(value)
  if (!of.type.nullable) {
    if (!of.errs) return negated ? TRUE : FALSE
    return mode === 'truth' ? (negated ? answer : FALSE) : when(isNotNull(value), negated ? TRUE : FALSE)
  }
  const sound = compiler.guard(of)
  // `is not null` says by itself that nothing went wrong.
  if (sound === undefined || (mode === 'truth' && negated)) return answer
  return mode === 'truth' ? conjunction([sound, answer]) : when(sound, answer)
}

function truthOfEqual(compiler: Compiler, { left, right }: Pair): Fragment {
  const ids = idBesideText(compiler, left, right)
  const [a, b] = ids ?? [sideOf(compiler, left, right), sideOf(compiler, right, left)]
  const same = operation(`${operand(a)} = ${operand(b)}`)
  // A field of the caller is null for nobody, and `=` then says enough; what is chosen between it and others may not be.
  const mixed = [left, right].some((side) => side.caller && !isCallerField(side))
  const asked = mixed ? [compiler.signedIn()] : []
  if (!left.type.nullable || !right.type.nullable || isCallerId(left) || isCallerId(right))
    return conjunction([...asked, same])
  const bothNull = [isNull(compiler.value(left)), isNull(compiler.value(right))]
  const sound = [left, right].flatMap((side) => soundness(compiler, side) ?? [])
  const asksWho = mixed ? [] : somebody(compiler, left, right)
  return conjunction([...asked, disjunction([same, conjunction([...asksWho, ...sound, ...bothNull])])])
}

function truthOfUnequal(compiler: Compiler, node: NodeOf<'equal'>): Fragment {
  const { left, right } = node
  const plain = [left, right].every((side) => isCallerId(side) || !(side.type.nullable || side.caller))
  if (!plain) return exact(compiler, node)
  const [a, b] = sides(compiler, left, right)
  return operation(`${operand(a)} <> ${operand(b)}`)
}

/** NULL for errors only. */
function exact(compiler: Compiler, { left, right, negated }: NodeOf<'equal'>): Fragment {
  const [a, b] = sides(compiler, left, right)
  const same = `${operand(a)} = ${operand(b)}`
  const asksWho = left.caller || right.caller
  if (!left.type.nullable && !right.type.nullable && !asksWho)
    return operation(negated ? `${operand(a)} <> ${operand(b)}` : same)
  const bothNull = left.type.nullable && right.type.nullable && !isCallerId(left) && !isCallerId(right)
  const equal = atom(`coalesce(${same}, ${bothNull ? `${operand(a)} is null and ${operand(b)} is null` : 'false'})`)
  const answer = negated ? operation(`${operand(a)} is distinct from ${operand(b)}`) : equal
  const sound = [left, right].flatMap((side) => soundness(compiler, side) ?? [])
  // Nobody's id is null, so `=` has said it already, but `is distinct from` has not.
  const plain = !negated && (isCallerId(left) || isCallerId(right))
  const decided = plain ? answer : conjunction([...somebody(compiler, left, right), answer])
  return sound.length === 0 ? decided : when(conjunction(sound), decided)
}

/** Somebody is signed in, where the comparison asks who. */
function somebody(compiler: Compiler, ...operands: readonly Node[]): Fragment[] {
  return operands.some(({ caller }) => caller) ? [compiler.signedIn()] : []
}

/** `auth.id`: null exactly when nobody is signed in. */
function isCallerId(node: Node): boolean {
  const field = node.op === 'id' ? node.of : node
  if (field.op === 'variable') return field.name === 'auth'
  return field.op === 'column' && field.field === 'id' && field.row.op === 'variable' && field.row.name === 'auth'
}

function isCallerField(node: Node): boolean {
  const field = node.op === 'id' ? node.of : node
  return isCallerId(node) || (field.op === 'column' && field.row.op === 'variable' && field.row.name === 'auth')
}

/** In JSON, null needs no telling apart from a value that is not null. */
function sideOf(compiler: Compiler, node: Node, other: Node): Fragment {
  if (node.op === 'literal' && other.type.kind === 'dyn') return literalJson(node)
  const isRaw = node.op === 'member' || node.op === 'entry' || node.op === 'item' || node.op === 'local'
  return isRaw && node.type.kind === 'dyn' && !other.type.nullable ? compiler.raw(node) : compiler.value(node)
}

/** An id and a text: as ids where only truth matters, so that the index on the column serves. */
function idBesideText(compiler: Compiler, left: Node, right: Node): readonly [Fragment, Fragment] | undefined {
  if (left.type.kind === 'string' && right.type.kind === 'uuid') return idBesideText(compiler, right, left)
  if (left.type.kind !== 'uuid' || right.type.kind !== 'string') return undefined
  return [compiler.value(left), parsed(lower(compiler.value(right)), UUID_PATTERN, 'uuid')]
}

/** Both as what can be compared: an id beside a text is a text in small letters. */
function sides(compiler: Compiler, left: Node, right: Node): readonly [Fragment, Fragment] {
  const [a, b] = [compiler.value(left), compiler.value(right)]
  if (left.type.kind === 'uuid' && right.type.kind === 'string') return [cast(a, 'text'), lower(b)]
  if (left.type.kind === 'string' && right.type.kind === 'uuid') return [lower(a), cast(b, 'text')]
  return [a, b]
}

function lower(text: Fragment): Fragment {
  return atom(`lower(${operand(text)} collate "C")`)
}

/** `x in [a, b]`. */
export function inItemsSql(compiler: Compiler, node: NodeOf<'in items'>, mode: Mode): Fragment {
  const { pairs, needle } = node
  return (
    plainList(compiler, node, mode) ??
    checked(compiler, node, mode, pairs.length === 0 ? FALSE : orChain(compiler, pairs, mode, needle))
  )
}

function orChain(compiler: Compiler, pairs: readonly Pair[], mode: Mode, needle: Node): Fragment {
  const tests = pairs.map(({ left, right }): Node => {
    return {
      op: 'equal',
      left: needle.caller ? { ...left, caller: true } : left,
      right,
      negated: false,
      type: { kind: 'bool', nullable: false },
      errs: left.errs || right.errs,
      size: 1,
      caller: false,
    }
  })
  return compiler.truth(logical('or', tests), mode)
}

/** One item that errs makes the list an error, whatever the others are. */
function checked(compiler: Compiler, { pairs, needle }: NodeOf<'in items'>, mode: Mode, answer: Fragment): Fragment {
  const sound = [needle, ...pairs.map(({ right }) => right)].flatMap((side) => soundness(compiler, side) ?? [])
  if (sound.length === 0) return answer
  return mode === 'truth' ? conjunction([...sound, answer]) : when(conjunction(sound), answer)
}

/** `x in (1, 2, 3)`, which indexes serve. */
function plainList(
  compiler: Compiler,
  { pairs, needle, anyCaller }: NodeOf<'in items'>,
  mode: Mode,
): Fragment | undefined {
  const [first] = pairs
  const solid = pairs.every(
    ({ left, right }) => !right.errs && !right.type.nullable && left.type.kind === right.type.kind,
  )
  if (first === undefined || !solid || (anyCaller && !isCallerId(needle))) return undefined
  if (pairs.some(({ left }) => left.type.kind !== first.left.type.kind)) return undefined
  const value = compiler.value(first.left)
  const items = pairs.map(({ left, right }) => sideOf(compiler, right, left).text)
  const listed = operation(`${operand(value)} in (${items.join(', ')})`)
  if (mode === 'truth' || !needle.type.nullable) return listed
  const answer = atom(`coalesce(${listed.text}, false)`)
  const sound = soundness(compiler, needle)
  return sound === undefined ? answer : when(sound, answer)
}
