import { type Row, TRANSITIONS } from './document.ts'
import type { Command, Data, Part } from './operations.ts'
import { patchedBy } from './patch.ts'

/** A write to one record. */
export type Write = Part | Extract<Command, { do: 'transition' | 'updateMany' }>

const SHELF = { label: null, count: 0, marks: [], facts: {} }
export const MOST = 20

/** What a write makes of a record, or of none; without `by`, and what only the database knows. */
export function afterWrite(write: Write, before: Row | undefined): Data {
  return computed('of' in write ? write.of : 'shelves', written(write, before))
}

function computed(of: string, row: Data): Data {
  const { label, room, name } = row
  if (of === 'shelves') {
    return { ...row, free: MOST - Number(row['count']), shout: typeof label === 'string' ? label.toUpperCase() : null }
  }
  if (of === 'books' && row['note'] === null) return withoutNote(row)
  return of === 'lists' ? { ...row, door: `${room}/${name}` } : row
}

function withoutNote({ note: _note, ...row }: Data): Data {
  return row
}

function written(write: Write, before: Row | undefined): Data {
  switch (write.do) {
    case 'create':
    case 'upsert':
    case 'replace':
      return { ...defaultsOf(write), ...kept(before), ...write.data }
    case 'merge':
      return before === undefined ? { ...defaultsOf(write), ...write.data } : { ...before, ...write.data }
    case 'patch':
      return patchedBy(write.patch, before ?? {}) ?? {}
    case 'update':
      return { ...before, ...patched(write.data, before) }
    case 'transition':
      return { ...before, state: TRANSITIONS[write.name].to, ...(write.name === 'empty' ? { count: 0 } : {}) }
    case 'updateMany':
      return { ...before, count: Number(before?.['count']) + write.by }
    case 'delete':
      return {}
  }
}

/** `ok`, or why a record that is like this refuses it. */
export function verdictOn(write: Write, before: Row | undefined, seen: number | undefined): string {
  if (write.do === 'create') return before === undefined ? 'ok' : 'unique_violation'
  if (write.do === 'replace' || write.do === 'upsert' || write.do === 'merge') return 'ok'
  if (before === undefined) return 'not_found'
  if (seen !== undefined && seen !== before.version) return 'version_mismatch'
  if (write.do === 'delete') return 'ok'
  if (write.do === 'transition') {
    if (!TRANSITIONS[write.name].from.some((state) => state === before['state'])) return 'wrong_state'
    return write.name === 'fill' && Number(before['count']) <= 4 ? 'transition_refused' : 'ok'
  }
  if (write.do === 'patch' && patchedBy(write.patch, before) === undefined) return 'patch_failed'
  const count = Number(afterWrite(write, before)['count'] ?? 0)
  return count < 0 || count > MOST ? 'validation_failed' : 'ok'
}

function defaultsOf(write: Part): Data {
  if (write.of === 'shelves') return { ...SHELF, state: 'open' }
  return write.of === 'lists' ? { tags: [] } : {}
}

/** What a replacement can not change. */
function kept(before: Row | undefined): Data {
  if (before === undefined) return {}
  const { id, state, number, code } = before
  return Object.fromEntries(Object.entries({ id, state, number, code }).filter(([, value]) => value !== undefined))
}

function patched(data: Data, before: Row | undefined): Data {
  return Object.fromEntries(Object.entries(data).map(([field, sent]) => [field, changed(before?.[field], field, sent)]))
}

function changed(stored: unknown, field: string, sent: unknown): unknown {
  if (field === 'facts' || field === 'note') return merged(stored, sent)
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return sent
  const [[operator, operand] = ['', undefined]] = Object.entries(sent)
  const list = (stored ?? []) as unknown[]
  const items = operand as unknown[]
  switch (operator) {
    case '$inc':
      return Number(stored) + Number(operand)
    case '$max':
      return Math.max(Number(stored), Number(operand))
    case '$min':
      return Math.min(Number(stored), Number(operand))
    case '$append':
      return [...list, ...items]
    case '$addUnique':
      return [...list, ...new Set(items.filter((item) => !list.includes(item)))]
    case '$remove':
      return list.filter((item) => !items.includes(item))
    default:
      throw new Error(`There is no operator ${operator}`)
  }
}

/** RFC 7396. */
function merged(stored: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: Record<string, unknown> = isObject(stored) ? { ...stored } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}

function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
