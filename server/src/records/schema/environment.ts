import type { Parts } from '../../apps/parts.ts'
import { quoteName } from '../../db/quote.ts'
import type { CelType, CollectionType, Environment, FieldDeclaration, SettingTypes } from '../../expr/index.ts'
import { fieldType, referenceListType, referenceType } from '../../expr/index.ts'
import type { Action, FieldModel, InverseModel } from '../model.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { objectName } from './naming.ts'
import { isSoft, trashFields, trashName } from './trash.ts'

/** The type of a field's column: its own, or that of the id it refers to. */
export function typeOf(field: FieldDraft, drafts: ReadonlyMap<string, CollectionDraft>): FieldModel['type'] {
  if (field.type !== undefined) return field.type
  const target = field.reference ?? field.list
  if (target === undefined) return fieldType(field.complete)
  const id = drafts.get(target.collection)?.fields.get('id')
  const make = field.list === undefined ? referenceType : referenceListType
  return make(target.collection, id === undefined ? undefined : fieldType(id.complete))
}

/** What expressions may name, made of all collections of the document. */
export function* environmentOf(
  drafts: ReadonlyMap<string, CollectionDraft>,
  inverses: ReadonlyMap<string, ReadonlyMap<string, InverseModel>>,
  schema: string,
  terms: Environment['terms'],
  permissions: Environment['permissions'],
  settings: SettingTypes,
): Parts<Environment> {
  const collections = new Map<string, CollectionType>()
  for (const draft of drafts.values()) {
    const back = inverses.get(draft.name)
    const type = collectionType(draft, drafts, schema)
    collections.set(draft.name, back === undefined ? type : { ...type, inverses: back })
    yield
  }
  for (const { name, raw } of drafts.values()) {
    const type = collections.get(name)
    if (type !== undefined && isSoft(raw)) collections.set(trashName(name), trashType(type))
  }
  return { collections, terms, permissions, settings }
}

/** The table of a list's entries. */
export function entriesOf(draft: Pick<CollectionDraft, 'tableName'>, field: FieldDraft, schema: string): string {
  return `${quoteName(schema)}.${quoteName(objectName(draft.tableName, 'list', [field.column]))}`
}

export function tableOf(draft: CollectionDraft, schema: string): string {
  return `${quoteName(schema)}.${quoteName(draft.tableName)}`
}

function collectionType(
  draft: CollectionDraft,
  drafts: ReadonlyMap<string, CollectionDraft>,
  schema: string,
): CollectionType {
  const fields = [...draft.fields.values()].map((field): [string, FieldDeclaration] => [
    field.name,
    declaration(draft, field, drafts, schema),
  ])
  const known = draft.view?.isKnown !== false
  return {
    name: draft.name,
    table: tableOf(draft, schema),
    fields: known ? new Map(fields) : new AnyFields(fields, draft.raw.schema?.properties ?? {}),
  }
}

/** Of a view that no database has described: whatever an expression names may be there, of the type that the document says, if it does. */
class AnyFields extends Map<string, FieldDeclaration> {
  readonly #said: Readonly<Record<string, Readonly<Record<string, unknown>>>>

  constructor(
    fields: readonly (readonly [string, FieldDeclaration])[],
    said: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) {
    super(fields)
    this.#said = said
  }

  override get(name: string): FieldDeclaration {
    const schema = Object.hasOwn(this.#said, name) ? this.#said[name] : undefined
    return super.get(name) ?? { column: name, type: fieldType(schema ?? {}), nullable: true, hidden: false }
  }

  override has(): boolean {
    return true
  }
}

/** Rules of the trash see when a record was deleted, and by whom. No expression can name it: there is a point in its name. */
function trashType({ inverses: _, ...type }: CollectionType): CollectionType {
  const added = trashFields().map((field): [string, FieldDeclaration] => [
    field.name,
    {
      column: field.column,
      type: field.type,
      nullable: !field.required,
      hidden: false,
      ...(field.reference === undefined ? {} : { reference: field.reference.collection }),
    },
  ])
  return { ...type, name: trashName(type.name), fields: new Map([...type.fields, ...added]) }
}

function declaration(
  draft: CollectionDraft,
  field: FieldDraft,
  drafts: ReadonlyMap<string, CollectionDraft>,
  schema: string,
): FieldDeclaration {
  return {
    column: field.column,
    type: typeOf(field, drafts),
    nullable: !field.required,
    hidden: field.hidden,
    ...(field.reference === undefined ? {} : { reference: field.reference.collection }),
    ...(field.list === undefined ? {} : { entries: entriesOf(draft, field, schema) }),
  }
}

const TEXT: CelType = { kind: 'string', nullable: false }
const NOW: CelType = { kind: 'timestamp', nullable: false }
const CALLER: CelType = { kind: 'record', collection: 'users', nullable: false }
const REQUEST: CelType = {
  kind: 'object',
  nullable: false,
  fields: new Map([
    ['id', TEXT],
    ['method', TEXT],
    ['path', TEXT],
    ['ip', TEXT],
  ]),
}

/** What a rule may speak of: `data` only where something is sent. */
export function ruleVariables(
  draft: CollectionDraft,
  environment: Environment,
  action: Action | 'restore',
): ReadonlyMap<string, CelType> {
  const variables = new Map<string, CelType>([
    ['auth', CALLER],
    ['request', REQUEST],
    ['now', NOW],
    ['settings', settingsType(environment)],
    ['record', action === 'restore' ? trashedType(draft) : recordType(draft)],
  ])
  if (action === 'create' || action === 'update') variables.set('data', dataType(draft, environment))
  return variables
}

/** What a default may speak of: there is no record yet. */
export function defaultVariables(draft: CollectionDraft, environment: Environment): ReadonlyMap<string, CelType> {
  return new Map([
    ['auth', CALLER],
    ['request', REQUEST],
    ['now', NOW],
    ['settings', settingsType(environment)],
    ['data', dataType(draft, environment)],
  ])
}

/** What a backfill may speak of: the record as it is, and nobody's request. */
export function backfillVariables(draft: CollectionDraft): ReadonlyMap<string, CelType> {
  return new Map([
    ['record', recordType(draft)],
    ['now', NOW],
  ])
}

/** What must be true of a row by itself: checks, and the conditions of keys and indexes. Settings only to be refused in so many words. */
export function rowVariables(draft: CollectionDraft, environment: Environment): ReadonlyMap<string, CelType> {
  return new Map([
    ['record', recordType(draft)],
    ['settings', settingsType(environment)],
  ])
}

export function settingsType({ settings }: Environment): CelType {
  return { kind: 'object', nullable: false, fields: settings?.fields ?? new Map() }
}

function recordType(draft: CollectionDraft): CelType {
  return { kind: 'record', collection: draft.name, nullable: false }
}

/** A record that lies in the trash. */
function trashedType(draft: CollectionDraft): CelType {
  return { kind: 'record', collection: trashName(draft.name), nullable: false }
}

/** What was sent: any of the fields, none of them for sure. */
function dataType(draft: CollectionDraft, environment: Environment): CelType {
  const declared = environment.collections.get(draft.name)?.fields ?? new Map<string, FieldDeclaration>()
  const fields = [...declared].map(([name, field]): [string, CelType] => [name, sentType(field)])
  return { kind: 'object', nullable: false, fields: new Map(fields) }
}

function sentType(field: FieldDeclaration): CelType {
  if (field.reference !== undefined) return { kind: 'record', collection: field.reference, nullable: true }
  return { ...field.type.cel, nullable: true }
}
