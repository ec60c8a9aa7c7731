import { expect } from 'vitest'
import type { Done } from './clients.ts'
import { isSoft, keyOf, type Row } from './document.ts'
import type { Deleted, Event } from './log.ts'
import { type Data, isReference, type Part, partsOf } from './operations.ts'
import { afterWrite, verdictOn, type Write } from './rows.ts'
import { createSpans } from './spans.ts'

/** What was deleted together. */
export interface Deletion {
  readonly root: string
  readonly rows: Row[]
}

/** A record under its id: among the living, and however often it lies in the trash as what somebody deleted. */
export interface State {
  readonly living: Row | undefined
  readonly lying: readonly Deletion[]
}

export const NOTHING: State = { living: undefined, lying: [] }

export function createReplay() {
  const states = createSpans<State>(NOTHING)
  /** Who has a label of a shelf, or a name of a list. */
  const holders = createSpans<string | undefined>(undefined)
  const deletions = new Map<string, Deletion>()
  /** Who has written a record in a transaction, by `writerKey`. */
  const writers = new Map<string, Done>()
  return { states, holders, deletions, writers }
}

export const writerKey = ({ transaction }: Event, key: string) => `${transaction} ${key}`

export type Replay = ReturnType<typeof createReplay>

/** Plays what the database has done again on plain records: each row that was written must be what its operation makes of the row before it. */
export function replay(
  { states, holders, deletions, writers }: Replay,
  events: readonly Event[],
  done: readonly Done[],
): void {
  const byUser = new Map(done.map((one) => [one.by, one]))
  const marks = new Set(events.map((event) => mark(event.transaction, event.place, event.act, idKey(event))))
  const used = new Map<Done, Set<Part>>()
  const reverted = new Set<Done>()
  const counts = new Map<Done, number>()
  const deleters = new Map(
    done.flatMap((one) =>
      partsOf(one.command).flatMap((part) =>
        part.do === 'delete' && one.code === 'ok' ? [[keyOf(part.of, part.id), one] as const] : [],
      ),
    ),
  )
  const restorers = new Map(
    done.flatMap((one) =>
      one.command.do === 'restore' && one.code === 'ok'
        ? [[`${keyOf(one.command.of, one.command.id)}:${one.version}`, one] as const]
        : [],
    ),
  )
  const reverters = new Map(
    done.flatMap((one) =>
      one.command.do === 'revert' && one.code === 'ok'
        ? [[`${keyOf(one.command.of, one.command.id)}:${one.version}`, one] as const]
        : [],
    ),
  )
  const rootsOf = new Map<string, string>()

  for (const event of events) apply(event)
  for (const one of done) checkAllDone(one)

  function apply(event: Event): void {
    const key = idKey(event)
    const { of, act, after, before } = event
    const state = states.now(key)
    const has = (place: Event['place'], other: Event['act']) => marks.has(mark(event.transaction, place, other, key))
    if (event.place === 'trash') {
      if (act === 'INSERT') moveToTrash(event, key, state)
      else if (!has('living', 'INSERT')) purge(event, key, state)
      return
    }
    if (act === 'DELETE' && isSoft(of)) {
      // Its coming into the trash is what is looked at.
      expect(has('trash', 'INSERT'), `${key} goes to the trash`).toBe(true)
      return
    }
    expect(before, `${key} is what the write before it has left`).toEqual(state.living)
    if (after === undefined) {
      const one = succeeded(deleters.get(key), event)
      use(one, ({ do: act, ...part }) => act === 'delete' && 'id' in part && keyOf(part.of, part.id) === key)
      move(event, key, { ...state, living: undefined }, one)
      return
    }
    if (act === 'INSERT' && has('trash', 'DELETE')) {
      restore(event, key, state, after)
      return
    }
    const reverter = reverters.get(`${key}:${after.version}`)
    if (reverter === undefined && before?.by === after.by && differs(before, after) && tagsGone(event).length > 0) {
      loseEntries(event, key, state)
      return
    }
    const one = succeeded(reverter ?? byUser.get(after.by), event)
    const write = writeOf(one, event)
    expect(verdictOn(write, before, one.seen), describe(one, event)).toBe('ok')
    expect(known(after), describe(one, event)).toEqual(
      known({
        number: after['number'],
        code: after['code'],
        ...afterWrite(write, before),
        by: one.earlier?.['by'] ?? one.by,
      }),
    )
    const [version, last] = [after.version, before?.version ?? 0]
    expect(version, describe(one, event)).toBeGreaterThan(last)
    const body = bodyOf(one, write)
    if (body !== undefined)
      for (const [name, value] of Object.entries(after))
        expect(body[name] ?? null, `${describe(one, event)} was answered its ${name}`).toEqual(value)
    move(event, key, { ...state, living: after }, one)
  }

  /** A record that belongs to what somebody has deleted went with it. */
  function moveToTrash(event: Event, key: string, state: State): void {
    const { deleted_by: by, deletion__id: id, deletion__root: isRoot, ...row } = event.after as Row & Deleted
    const one = succeeded(byUser.get(String(by)), event)
    expect(row, `${key} lies in the trash as it was`).toEqual(state.living)
    const deletion = deletions.get(id) ?? { root: '', rows: [] }
    deletions.set(id, deletion)
    deletion.rows.push(row as unknown as Row)
    if (isRoot) {
      rootsOf.set(id, key)
      if (one.command.do === 'deleteMany') {
        expect(row['pages'], describe(one, event)).toBe(one.command.pages)
        counts.set(one, (counts.get(one) ?? 0) + 1)
      } else if (one.command.do === 'purge') expect(key).toBe(keyOf(one.command.of, one.command.id))
      else use(one, (part) => part.do === 'delete' && keyOf(part.of, part.id) === key)
    } else {
      const shelves = partsOf(one.command).flatMap((part) => ('id' in part && part.of === 'shelves' ? [part.id] : []))
      expect(event.of, describe(one, event)).toBe('books')
      expect(one.command.do === 'purge' ? [one.command.id] : shelves, describe(one, event)).toContain(row['shelf'])
    }
    move(event, key, { living: undefined, lying: isRoot ? [...state.lying, deletion] : state.lying }, one)
  }

  function restore(event: Event, key: string, state: State, after: Row): void {
    const root = events.find(
      (other) =>
        other.transaction === event.transaction &&
        other.place === 'trash' &&
        other.act === 'DELETE' &&
        idKey(other) === key,
    )?.before as (Row & Deleted) | undefined
    const deletion = deletions.get(String(root?.deletion__id))
    const rootKey = rootsOf.get(String(root?.deletion__id)) ?? ''
    const version = events.find(
      (other) =>
        other.transaction === event.transaction &&
        other.place === 'living' &&
        other.act === 'INSERT' &&
        idKey(other) === rootKey,
    )?.after?.version
    const one = succeeded(restorers.get(`${rootKey}:${version}`), event)
    const lay = deletion?.rows.find(({ id }) => keyOf(event.of, id) === key)
    expect(known(after), `${key} comes back as it was`).toEqual(known(lay ?? {}))
    expect(after.version).toBeGreaterThan(lay?.version ?? 0)
    move(event, key, { living: after, lying: state.lying.filter((other) => other !== deletion) }, one)
  }

  /** Which of those who purged it did it when is not known, and of no concern: it is gone for all of them. */
  function purge(event: Event, key: string, state: State): void {
    const { deletion__id: id, deletion__root: isRoot } = event.before as Row & Deleted
    const purges = done.filter(
      ({ command, code }) =>
        command.do === 'purge' && code === 'ok' && keyOf(command.of, command.id) === (rootsOf.get(id) ?? key),
    )
    expect(purges.length, `${key} was purged by somebody`).toBeGreaterThan(0)
    const window = {
      started: Math.min(...purges.map(({ started }) => started)),
      ended: Math.max(...purges.map(({ ended }) => ended)),
    }
    if (isRoot)
      states.change(key, { ...state, lying: state.lying.filter((other) => other !== deletions.get(id)) }, window)
  }

  /** A tag that is deleted disappears from all lists, which nobody has written. */
  function loseEntries(event: Event, key: string, state: State): void {
    const { before, after } = event
    const gone = tagsGone(event)
    const left = (before?.['tags'] as unknown[] | undefined)?.filter((tag) => !gone.some(({ id }) => id === tag))
    expect(after, key).toEqual({ ...before, tags: left, version: Number(before?.version) + 1 })
    move(event, key, { ...state, living: after }, succeeded(byUser.get(String(gone[0]?.deleted_by)), event))
  }

  function tagsGone({ transaction }: Event) {
    const gone = events.filter(
      (other) => other.transaction === transaction && other.of === 'tags' && other.place === 'trash',
    )
    return gone.flatMap(({ act, after }) => (act === 'INSERT' ? [after as Row & Deleted] : []))
  }

  function move(event: Event, key: string, state: State, one: Done): void {
    const before = states.now(key)
    states.change(key, state, one)
    writers.set(writerKey(event, key), one)
    for (const field of ['label', 'name']) {
      const [from, to] = [before.living?.[field], state.living?.[field]]
      if (from === to) continue
      if (typeof from === 'string') holders.change(`${field}:${from}`, undefined, one)
      if (typeof to !== 'string') continue
      expect(
        holders.now(`${field}:${to}`),
        `${key} takes a ${field} that nobody has (${describe(one, event)})`,
      ).toBeUndefined()
      holders.change(`${field}:${to}`, key, one)
    }
    // One that is not moved may be changed while its shelf goes, until that takes it along.
    if (event.act === 'UPDATE' && state.living !== undefined && event.before?.['shelf'] !== state.living['shelf']) {
      expect(states.now(keyOf('shelves', state.living['shelf'])).living, `${key} stands on a shelf`).toBeDefined()
    }
  }

  function succeeded(one: Done | undefined, event: Event): Done {
    if (one === undefined) throw new Error(`Nobody has done ${JSON.stringify(event)}`)
    expect(one.code, describe(one, event)).toBe('ok')
    return one
  }

  function use(one: Done, matches: (part: Part) => boolean): Part {
    const taken = used.get(one) ?? new Set()
    used.set(one, taken)
    const part = partsOf(one.command).find(
      (other, index) => !taken.has(other) && one.failed?.has(index) !== true && matches(other),
    )
    if (part === undefined) throw new Error(`${JSON.stringify(one.command)} has written more than it said`)
    taken.add(part)
    return part
  }

  function writeOf(one: Done, { of, after, act }: Event): Write {
    const { command } = one
    if (command.do === 'transition') return command
    if (command.do === 'revert') {
      reverted.add(one)
      return replacementBy(one, command)
    }
    if (command.do === 'updateMany') {
      counts.set(one, (counts.get(one) ?? 0) + 1)
      return command
    }
    const part = use(one, (other) => {
      if (other.of !== of || other.do === 'delete') return false
      if (other.do === 'create' && act !== 'INSERT') return false
      if ((other.do === 'update' || other.do === 'patch') && act !== 'UPDATE') return false
      if ('id' in other) return other.id === after?.id
      // An import does not tell the ids that it makes.
      if (command.do === 'import' && of === 'lists') return other.data['name'] === after?.['name']
      // Whose id the server has made is known by the answer.
      return (other.data['id'] ?? one.bodies[partsOf(command).indexOf(other)]?.['id']) === after?.id
    })
    // What a batch calls by a name of its own.
    const data =
      'data' in part
        ? Object.entries(part.data).map(([name, value]) => [name, isReference(value) ? after?.[name] : value])
        : []
    const made =
      of === 'transfers' || of === 'entries' || (of === 'lists' && act === 'INSERT') || part.do === 'replace'
        ? { id: after?.id }
        : {}
    return { ...part, ...('data' in part ? { data: { ...Object.fromEntries(data), ...made } } : {}) } as Write
  }

  function bodyOf(one: Done, write: Write): Data | undefined {
    if (one.command.do !== 'batch') return one.bodies[0]
    const taken = [...(used.get(one) ?? [])].at(-1)
    return write.do === 'delete' || taken === undefined ? undefined : one.bodies[one.command.parts.indexOf(taken)]
  }

  function checkAllDone(one: Done): void {
    const { command, code } = one
    expect(code === 'ok' || !used.has(one), `nothing of ${JSON.stringify(command)} has happened`).toBe(true)
    if (code !== 'ok') return
    if (one.changed !== undefined) expect(counts.get(one) ?? 0, JSON.stringify(command)).toBe(one.changed)
    expect(used.get(one)?.size ?? 0, `all of ${JSON.stringify(command)} has happened`).toBe(
      partsOf(command).length - (one.failed?.size ?? 0),
    )
    if (command.do === 'revert') expect(reverted.has(one), `${JSON.stringify(command)} has happened`).toBe(true)
  }
}

/** The values of a version that can be sent. */
export function replacementBy(one: Done, { of, id }: Extract<Done['command'], { do: 'revert' }>): Part {
  const sent = {
    shelves: ['label', 'count', 'marks', 'facts'],
    books: ['shelf', 'pages', 'note'],
    lists: ['name', 'room', 'tags'],
  }
  return {
    do: 'replace',
    of,
    id,
    data: { id, ...Object.fromEntries(sent[of].map((name) => [name, one.earlier?.[name]])) },
  }
}

function differs(before: Row, after: Row): boolean {
  return JSON.stringify(before['tags']) !== JSON.stringify(after['tags'])
}

export function idKey({ of, before, after }: Event): string {
  return keyOf(of, (after ?? before)?.id)
}

function mark(transaction: string, place: string, act: string, key: string): string {
  return [transaction, place, act, key].join(' ')
}

/** Without what only the database knows. */
function known(row: Data): Data {
  const { version: _version, ...rest } = row
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
}

function describe({ command }: Done, event: Event): string {
  return `${JSON.stringify(command)} made ${JSON.stringify(event.after ?? event.before)}`
}
