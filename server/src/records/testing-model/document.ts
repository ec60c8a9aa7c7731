/**
 * An app with everything that writes can meet: ids that are chosen and made, keys, bounds, operators, objects that are merged, states, a
 * trash with cascades, ordered lists of references, numbers of both kinds, computed fields that are stored or made when they are read,
 * histories, records that are only added, a ledger.
 * `by` names the operation that wrote a record last: each operation has a caller of its own.
 */
export const WORKSHOP = `
collections:
  shelves:
    id: { type: string }
    softDelete: true
    schema:
      required: [by]
      properties:
        by: { type: string, format: uuid }
        label: { type: string }
        count: { type: integer, minimum: 0, maximum: 20, default: 0 }
        marks: { type: array, default: [] }
        facts: { type: object, default: {} }
        state: { enum: [open, full, closed], default: open }
        free: { type: integer, computed: 20 - record.count }
        shout: { type: string, computed: record.label.upperAscii() }
        mine: { type: boolean, computed: record.by == auth.id }
    unique: [[shout]]
    rules: { read: true, write: true }
    history: { read: true }
    states:
      of: state
      transitions:
        fill: { from: open, to: full, allow: true, if: record.count > 4, set: { by: =auth.id } }
        empty: { from: full, to: open, allow: true, set: { by: =auth.id, count: 0 } }
        close: { from: [open, full], to: closed, allow: true, set: { by: =auth.id } }
  books:
    id: { type: string }
    softDelete: true
    schema:
      required: [by, shelf]
      properties:
        by: { type: string, format: uuid }
        shelf: { $ref: shelves, onDelete: cascade }
        pages: { type: integer, default: 0 }
        place: { type: string, computed: record.shelf.label }
      additionalProperties: true
    rules: { read: true, write: true }
    history: { read: true }
  tags:
    id: { type: integer }
    softDelete: true
    schema: { required: [by], properties: { by: { type: string, format: uuid } } }
    rules: { read: true, write: true }
  lists:
    schema:
      required: [by, name, room]
      properties:
        by: { type: string, format: uuid }
        name: { type: string }
        room: { enum: [a, b] }
        number: { type: integer, sequence: { per: room } }
        code: { type: integer, sequence: true }
        tags: { type: array, items: { $ref: tags } }
        door: { type: string, computed: "record.room + '/' + record.name" }
    unique: [[name], [door]]
    rules: { read: true, write: true }
    history: { read: true, keep: 1d }
  transfers:
    appendOnly: true
    schema: { required: [by], properties: { by: { type: string, format: uuid } } }
    rules: { read: true, create: true }
  entries:
    appendOnly: true
    schema:
      required: [by, transfer, amount]
      properties:
        by: { type: string, format: uuid }
        transfer: { $ref: transfers }
        amount: { type: integer }
    ledger: { sum: amount, per: [transfer] }
    rules: { read: true, create: true }
`

export const COLLECTIONS = ['shelves', 'books', 'tags', 'lists', 'transfers', 'entries'] as const
export const SOFT = ['shelves', 'books', 'tags'] as const
export const KEPT = ['shelves', 'books', 'lists'] as const
export type Name = (typeof COLLECTIONS)[number]
export type Soft = (typeof SOFT)[number]
/** With a history. */
export type Kept = (typeof KEPT)[number]

export function isSoft(name: Name): name is Soft {
  return SOFT.some((soft) => soft === name)
}

/** A record as the model knows it: its columns, without times. */
export type Row = Readonly<Record<string, unknown>> & {
  readonly id: string | number
  readonly by: string
  readonly version: number
}

/** Of a record, among those of all collections. */
export const keyOf = (of: string, id: unknown) => `${of}:${String(id)}`

export const TRANSITIONS = {
  fill: { from: ['open'], to: 'full' },
  empty: { from: ['full'], to: 'open' },
  close: { from: ['open', 'full'], to: 'closed' },
} as const
export type TransitionName = keyof typeof TRANSITIONS
