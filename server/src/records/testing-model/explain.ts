import type { Done } from './clients.ts'
import { keyOf, type Row } from './document.ts'
import { type Data, isReference, type Part, partsOf } from './operations.ts'
import { type Replay, replacementBy, type State } from './replay.ts'
import { verdictOn, type Write } from './rows.ts'
import type { Window } from './spans.ts'

/** Whether a refusal, or what was read, is what the records that there may have been at the time are a reason for. */
export function isExplained(world: Replay, one: Done): boolean {
  const { command, code } = one
  const during = (of: string, id: unknown) => world.states.during(keyOf(of, id), one)
  switch (command.do) {
    case 'get': {
      const [body] = one.bodies
      return during(command.of, command.id).some(({ living }) =>
        code === 'not_found' ? living === undefined : code === 'ok' && living !== undefined && shows(body, living),
      )
    }
    case 'revert': {
      if (code === 'ok') return true
      if (during(command.of, command.id).some(({ living }) => living === undefined) && code === 'not_found') return true
      return one.earlier !== undefined && [...refusalsOf(world, one, replacementBy(one, command))].includes(code)
    }
    case 'import': {
      const codes = refusals(world, one)
      return [...(one.failed?.values() ?? [])].every((failed) => codes.has(failed) || failed === 'unavailable')
    }
    case 'restore':
    case 'purge':
      return (
        code === 'ok' ||
        // It looks among the living and in the trash in turn: what goes to and fro meanwhile may be missed in both.
        (command.do === 'purge' && code === 'not_found' && during(command.of, command.id).length > 2) ||
        during(command.of, command.id).some((state) => trashRefusals(world, one, state, command.do).includes(code))
      )
    case 'transition':
      return (
        code === 'ok' ||
        during('shelves', command.id).some(({ living }) => verdictOn(command, living, undefined) === code)
      )
    case 'updateMany':
      return (
        code === 'ok' ||
        (code === 'validation_failed' &&
          [...world.states.keys()].some(
            (key) =>
              key.startsWith('shelves:') &&
              world.states
                .during(key, one)
                .some(
                  ({ living }) =>
                    living !== undefined &&
                    Number(living['count']) < command.below &&
                    verdictOn(command, living, undefined) === code,
                ),
          ))
      )
    case 'deleteMany':
      return code === 'ok'
    default:
      return code === 'ok' || refusals(world, one).has(code)
  }
}

/** Whether what is made when it is read is what it has to be for this reader, at a moment of this time. */
export function isComputedWell(world: Replay, one: Done): boolean {
  return one.bodies.every((body) => {
    if (body !== null && 'mine' in body && body['mine'] !== (body['by'] === one.by)) return false
    if (body === null || !('place' in body)) return true
    const shelves = world.states.during(keyOf('shelves', body['shelf']), one)
    return shelves.some(({ living }) => living !== undefined && living['label'] === body['place'])
  })
}

function shows(body: Data | undefined, living: Row): boolean {
  return Object.entries(living).every(([name, value]) => JSON.stringify(body?.[name] ?? null) === JSON.stringify(value))
}

/** A part that has to do with an earlier one is not told apart: that one may have made any reason. */
function refusals(world: Replay, one: Done): ReadonlySet<string> {
  const codes = new Set<string>()
  const touched = new Set<string>()
  const parts = partsOf(one.command)
  for (const part of parts) {
    const names = namesOf(part)
    if (names.some((name) => touched.has(name))) for (const code of OF_NEIGHBOURS) codes.add(code)
    for (const code of refusalsOf(world, one, part)) codes.add(code)
    for (const name of names) touched.add(name)
    // What it lets go of may be anybody's.
    if (part.do === 'delete' && part.of === 'shelves') for (const id of ['x', 'y', 'z']) touched.add(keyOf('books', id))
  }
  const amounts = parts.flatMap((part) =>
    part.of === 'entries' && 'data' in part ? [Number(part.data['amount'])] : [],
  )
  if (amounts.reduce((sum, amount) => sum + amount, 0) !== 0) codes.add('ledger_unbalanced')
  return codes
}

const OF_NEIGHBOURS = ['not_found', 'unique_violation', 'reference_not_found', 'validation_failed', 'version_mismatch']

function namesOf(part: Part): string[] {
  const data = 'data' in part ? part.data : {}
  const id = 'id' in part ? part.id : data['id']
  const named = takenBy(part)
  const shelf = 'shelf' in data && !isReference(data['shelf']) ? [keyOf('shelves', data['shelf'])] : []
  return [
    ...(id === undefined ? [] : [keyOf(part.of, id)]),
    ...named,
    ...shelf,
    ...tagsOf(part).map((tag) => keyOf('tags', tag)),
  ]
}

function* refusalsOf(world: Replay, one: Done, part: Part): Iterable<string> {
  const data = 'data' in part ? part.data : {}
  const id = 'id' in part ? part.id : data['id']
  const states = id === undefined ? [] : world.states.during(keyOf(part.of, id), one)
  for (const { living } of states) yield verdictOn(part as Write, living, one.seen)
  for (const name of part.do === 'upsert' ? [] : takenBy(part)) {
    const holders = world.holders.during(name, one)
    if (holders.some((holder) => holder !== undefined && holder !== keyOf(part.of, id))) yield 'unique_violation'
  }
  const missing = (of: string, other: unknown) =>
    world.states.during(keyOf(of, other), one).some(({ living }) => living === undefined)
  if ('shelf' in data && !isReference(data['shelf']) && missing('shelves', data['shelf'])) yield 'reference_not_found'
  if (tagsOf(part).some((tag) => missing('tags', tag))) yield 'reference_not_found'
}

/** Labels and names that nobody else may have. */
function takenBy(part: Part): string[] {
  const patched = part.do === 'patch' ? part.patch.map(({ path, value }) => [path.slice(1), value] as const) : []
  const sent = 'data' in part ? Object.entries(part.data) : patched
  return sent.flatMap(([field, value]) =>
    (field === 'label' || field === 'name') && typeof value === 'string' ? [`${field}:${value}`] : [],
  )
}

/** Those that a list is to have. */
function tagsOf(part: Part): readonly unknown[] {
  const sent: unknown = 'data' in part ? part.data['tags'] : undefined
  if (Array.isArray(sent)) return sent
  if (typeof sent !== 'object' || sent === null || '$remove' in sent) return []
  return Object.values(sent).flat()
}

/** Why what lies in the trash does not come back, or can't be deleted. */
function trashRefusals(world: Replay, window: Window, { living, lying }: State, act: 'restore' | 'purge'): string[] {
  if (act === 'purge') return living === undefined && lying.length === 0 ? ['not_found'] : []
  const deletion = lying.at(-1)
  if (deletion === undefined) return ['not_found']
  const isLiving = (key: string) => world.states.during(key, window).map((state) => state.living !== undefined)
  const keyOfRow = (row: Row) => keyOf('shelf' in row ? 'books' : 'label' in row ? 'shelves' : 'tags', row.id)
  const own = deletion.rows.map(keyOfRow)
  return deletion.rows.flatMap((row) => {
    const isTaken =
      isLiving(keyOfRow(row)).includes(true) ||
      world.holders.during(`label:${row['label']}`, window).some((holder) => holder !== undefined)
    const shelf = keyOf('shelves', row['shelf'])
    const isHomeless = 'shelf' in row && !own.includes(shelf) && isLiving(shelf).includes(false)
    return [...(isTaken ? ['unique_violation'] : []), ...(isHomeless ? ['reference_not_found'] : [])]
  })
}
