import type { DeclaredError } from '../errors/declared-error.ts'
import type { CheckedExpression, FieldType } from '../expr/index.ts'
import type { SearchWeight } from './search-sql.ts'

export { FREE } from '../expr/index.ts'

/** What `records/` knows of a collection after its document was checked: names, types, keywords, compiled nothing yet. */
export interface CollectionModel {
  readonly name: string
  /** What it was called before; for whoever plans the change. */
  readonly renamedFrom?: string
  /** What the records are, for people. */
  readonly description?: string
  /** Quoted and qualified: `"app_todo"."todos"`. Where records expire it is a view of those that have not. */
  readonly table: string
  /** In document order, `id` first, then the document's fields, then `createdAt`, `updatedAt`, `version`; of a view, its columns. */
  readonly fields: ReadonlyMap<string, FieldModel>
  /** Where ids come from: the server makes UUIDv7, or the creator chooses (a natural key, `id:` beside `schema:`). */
  readonly ids: 'generated' | 'chosen'
  /** Relations back: lists of the records of other collections that refer to one of these, by name. */
  readonly inverses: ReadonlyMap<string, InverseModel>
  readonly unique: readonly UniqueModel[]
  readonly indexes: readonly IndexModel[]
  readonly checks: readonly CheckModel[]
  readonly excludes: readonly ExcludeModel[]
  /** Records are never changed nor deleted. */
  readonly appendOnly: boolean
  /** What adds up to zero in each group when a transaction commits. */
  readonly ledger?: LedgerModel
  /** Absent in the document = `false`. */
  readonly rules: Readonly<Record<Action, CheckedExpression>>
  /** Its records have states, and move between them by transitions only. */
  readonly states?: StatesModel
  /** Absent: lists of it can not be searched. */
  readonly search?: SearchModel
  /** Every version of its records is kept. */
  readonly history?: HistoryModel
  readonly storage: 'durable' | 'memory'
  /** Deleted records go to the trash first. */
  readonly softDelete?: SoftDeleteModel
  /** Its records are the rows of a query, and nobody writes them. */
  readonly view?: ViewModel
  /** The field that says when a record vanishes, a date and time. */
  readonly expires?: string
  /** Its records vanish by themselves, by that time or with others. */
  readonly vanishing?: VanishingModel
  /** Of a record: by which columns, or entries of lists, records that vanish would keep it, though they are gone. */
  readonly keptBy?: readonly {
    readonly column: string
    readonly entries?: string
    readonly vanishing: VanishingModel
  }[]
  /** True for the built-in `users` collection. */
  readonly builtin: boolean
}

export type Action = 'list' | 'view' | 'create' | 'update' | 'delete'

export interface FieldModel {
  /** As JSON and CEL name it: camelCase. */
  readonly name: string
  /** As SQL names it: snake_case, unquoted. */
  readonly column: string
  readonly type: FieldType
  /** `id`, `createdAt`, `updatedAt`, `version`, and what the system alone writes (`roles` of users). */
  readonly system: boolean
  /** Must be there, and not null, in a stored record. */
  readonly required: boolean
  /** A literal of the document (JSON), or CEL. */
  readonly default?: { readonly literal: unknown } | { readonly expression: CheckedExpression }
  /** What records that are there already get, when the field is new or becomes required: CEL over `record` and `now`. */
  readonly backfill?: CheckedExpression
  /** What it was called before; for whoever plans the change. */
  readonly renamedFrom?: string
  readonly readonly: boolean
  readonly hidden: boolean
  readonly immutable: boolean
  /** Set to the caller's id at creation. */
  readonly owner: boolean
  /** It is the state of its record: the database and transitions set it, nobody else. */
  readonly isState?: true
  readonly reference?: ReferenceModel
  /** What callers are told in the document's words when a value does not fit. */
  readonly messages?: FieldMessages
  /** The database gives the value, and nobody else. */
  readonly sequence?: SequenceModel
  /** The database makes the value of the record's other fields, and nobody else. */
  readonly computed?: CheckedExpression
  /** It is computed when it is read: no column holds it. */
  readonly whenRead?: true
  /** Of a list of references. It is never null: without entries it is empty. */
  readonly list?: ListModel
  /** Absent = as the record's own rules. */
  readonly rules: {
    readonly read?: CheckedExpression
    readonly create?: CheckedExpression
    readonly update?: CheckedExpression
  }
  /** The field's JSON Schema, normalised for ajv. */
  readonly schema: Readonly<Record<string, unknown>>
  /** The schema as the document has it, completed; of a reference, its target's id: what contracts tell of the field. */
  readonly documented: Readonly<Record<string, unknown>>
}

export interface SequenceModel {
  /** What the number looks like; of integers, the number alone. */
  readonly format: readonly SequencePart[]
  /** What numbers are counted by: fields, and parts of the time. */
  readonly per: readonly string[]
  readonly gapless: boolean
  /** Where the time is told. */
  readonly zone: string
  readonly start: number
  readonly step: number
}

/** `digits`: the number, with at least as many. */
export type SequencePart =
  | { readonly text: string }
  | { readonly digits: number }
  | { readonly time: TimePart }
  | { readonly field: string }

export type TimePart = 'year' | 'month' | 'day'

export interface FieldMessages {
  /** Whatever is wrong. */
  readonly any?: string
  /** By the code of what is wrong; before `any`. */
  readonly byCode: Readonly<Record<string, string>>
}

export interface ReferenceModel {
  readonly collection: string
  readonly onDelete: 'cascade' | 'restrict' | 'setNull'
  /** The caller must be able to view the record it refers to (always so, but for `users`, where it is opt-in). */
  readonly visible: boolean
  /** What the relation back is called, on the collection it refers to. */
  readonly inverse?: string
  /** The records of that collection expire. */
  readonly vanishes?: true
  /** They are the rows of a view: a write asks for the record, and nothing holds it. */
  readonly loose?: true
}

/** The records of a collection whose reference holds the id, or whose list of references has it. */
export interface InverseModel {
  readonly collection: string
  readonly field: string
}

/**
 * A list of references. The record's column has the ids in their order, as `jsonb`; a table of entries has the same as rows, with
 * foreign keys. Triggers keep the two equal, whichever is written.
 */
export interface ListModel {
  readonly collection: string
  /** What becomes of the entry when the record it refers to is deleted. */
  readonly onDelete: 'remove' | 'restrict'
  /** As of a single reference. */
  readonly visible: boolean
  /** What the relation back is called, on the collection it refers to. */
  readonly inverse?: string
  /** As of a single reference. */
  readonly vanishes?: true
  /** No record stands in it twice. */
  readonly unique: boolean
  /** What its ids are. */
  readonly ids: FieldType
  /** The table of the entries, quoted and qualified: `owner`, `position` from 0, `target`. */
  readonly entries: string
}

export interface UniqueModel {
  /** Name of the index in PostgreSQL, unquoted. */
  readonly name: string
  readonly fields: readonly string[]
  readonly where?: CheckedExpression
}

export interface IndexModel {
  readonly name: string
  readonly fields: readonly { readonly name: string; readonly descending: boolean }[]
  /** One of them is a range: it is for what overlaps and what holds a value, and in no order. */
  readonly ranges?: true
  readonly where?: CheckedExpression
}

/** Full text over fields that everybody may read who may list the record. */
export interface SearchModel {
  /** A text search configuration of PostgreSQL. */
  readonly language: string
  readonly fields: readonly { readonly name: string; readonly column: string; readonly weight: SearchWeight }[]
  /** Whether words are found that are written a little differently. */
  readonly fuzzy: boolean
  /** Names of the indexes, unquoted. */
  readonly index: string
  readonly fuzzyIndex?: string
}

export interface CheckModel {
  /** Name of the constraint in PostgreSQL, unquoted. */
  readonly name: string
  readonly expression: CheckedExpression
  readonly message?: string
}

/** Fields: the records with equal `per` have values of `sum` that add up to zero. */
export interface LedgerModel {
  readonly sum: string
  readonly per: readonly string[]
}

/** No two records with equal keys have ranges that overlap. */
export interface ExcludeModel {
  /** Name of the constraint in PostgreSQL, unquoted. */
  readonly name: string
  /** Fields; none: all records have one range to share. */
  readonly key: readonly string[]
  /** Two fields of one type, or one that is a range. */
  readonly range: readonly [from: string, until: string] | readonly [range: string]
  readonly type: RangeType
  readonly bounds: RangeBounds
  readonly where?: CheckedExpression
  readonly message?: string
}

export type RangeType = 'tstzrange' | 'daterange' | 'int8range' | 'numrange'

/** Whether the end belongs to the range. */
export type RangeBounds = '[)' | '[]'

/** How records vanish though nobody deletes them. */
export interface VanishingModel {
  readonly collection: string
  /** The table of all of them, those that are gone and not swept yet included; quoted and qualified. */
  readonly rows: string
  /** The time of a row; absent where records go with others only. */
  readonly column?: string
  /** References that take a record along. */
  readonly along: readonly { readonly field: string; readonly column: string; readonly to: VanishingModel }[]
}

export interface HistoryModel {
  /** Who may view records, those included whose time has come: the rule of the document. */
  readonly view: CheckedExpression
  /** Who may see versions, of records that they may view; `record` is the version. */
  readonly read: CheckedExpression
  /** How long a version is kept once another has taken its place, as PostgreSQL writes an interval. Absent: forever. */
  readonly keep?: string
}

export interface StatesModel {
  /** The field that holds the state. */
  readonly field: string
  /** All of them, in the order of the document. */
  readonly all: readonly string[]
  /** In which records are created. */
  readonly initial: string
  readonly transitions: ReadonlyMap<string, TransitionModel>
}

export interface TransitionModel {
  readonly name: string
  /** At least one. */
  readonly from: readonly string[]
  readonly to: string
  /** Who may; absent in the document = nobody but administrators. */
  readonly allow: CheckedExpression
  /** What must be true of the record, whoever asks (`if`). */
  readonly condition?: CheckedExpression
  /** What callers are told when that is not so (`else`). */
  readonly refusal?: DeclaredError
  /** What it sets beside the state. */
  readonly set: readonly AssignmentModel[]
}

export interface AssignmentModel {
  readonly field: FieldModel
  /** A literal in its stored form, or CEL. */
  readonly value: { readonly literal: unknown } | { readonly expression: CheckedExpression }
}

/** Everything in `states:` that is CEL. */
export function expressionsOfStates({ transitions }: StatesModel): CheckedExpression[] {
  return [...transitions.values()].flatMap(expressionsOfTransition)
}

export function expressionsOfTransition({ allow, condition, set }: TransitionModel): CheckedExpression[] {
  const values = set.flatMap(({ value }) => ('expression' in value ? [value.expression] : []))
  return [allow, ...(condition === undefined ? [] : [condition]), ...values]
}

export interface SoftDeleteModel {
  /** How long records stay in the trash: an interval of PostgreSQL. */
  readonly purgeAfter: string
  /** Who sees a record that lies in the trash; `record` is what was deleted, with `deletedAt` and `deletedBy`. */
  readonly trash: CheckedExpression
  /** Who may bring it back. */
  readonly restore: CheckedExpression
  /** The references by which it is deleted together with another record, and whether that goes to a trash, too. */
  readonly causes: readonly {
    readonly column: string
    readonly collection: string
    readonly isSoft: boolean
    /** By itself, by a time of its own (`expires`) or with others. */
    readonly vanishes: boolean
    readonly expires: boolean
  }[]
}

export interface ViewModel {
  /** One `select`, whose columns are those of the fields; it names collections as SQL does, without their schema. */
  readonly query: string
  /** The collections that it reads, as SQL names them. */
  readonly reads: readonly string[]
  /** The collection whose ids its rows have. */
  readonly idsOf?: string
  /** Its rows are kept, and made anew: when the app is loaded and changes it, when somebody asks, and this often. */
  readonly materialized?: { readonly every?: string }
}

/** The field `id`, which every collection has. */
export function idField(model: CollectionModel): FieldModel {
  const field = model.fields.get('id')
  if (field === undefined) throw new Error(`The collection '${model.name}' has no id`)
  return field
}
