import { ALWAYS, NEVER } from '../expr/index.ts'
import type { AppRecords } from './app-records.ts'
import { type Collection, createCollection } from './collection.ts'
import { lazily } from './lazily.ts'
import type { CollectionModel, FieldModel, StatesModel } from './model.ts'
import { filterEnvironment } from './section.ts'
import { createFieldChecks } from './validate/index.ts'

/**
 * The same collection as administrators use it: no rule is asked, read-only fields may be set and owners given. What the schema, checks
 * and unique keys say holds for everybody, references must lead to a record, hidden fields stay hidden, and what the system writes
 * stays the system's.
 *
 * It is another collection with statements of its own, made when an administrator first comes: users' requests have nothing to ask.
 */
export function openCollection(collection: Collection): Collection {
  const { app, model } = collection
  let open = opened.get(app)
  if (open === undefined) {
    open = lazily(() => openApp(app))
    opened.set(app, open)
  }
  const found = open().get(model.name)
  if (found === undefined) throw new Error(`The app '${app.slug}' has no collection '${model.name}'`)
  return found()
}

/** By version of an app: a version that is not served any more takes its own along. */
const opened = new WeakMap<AppRecords, () => ReadonlyMap<string, () => Collection>>()

function openApp(app: AppRecords): ReadonlyMap<string, () => Collection> {
  const collections = new Map([...app.collections].map(([name, model]) => [name, openModel(model)]))
  const users = collections.get(app.users.name)
  if (users === undefined) throw new Error(`The app '${app.slug}' has no users`)
  const open: AppRecords = { ...app, collections, users, environment: filterEnvironment(collections) }
  const checks = createFieldChecks()
  return new Map([...collections].map(([name, model]) => [name, lazily(() => createCollection(open, model, checks))]))
}

function openModel(model: CollectionModel): CollectionModel {
  const fields = [...model.fields].map(([name, field]) => [name, openField(field)] as const)
  // A user without a password is no account: `POST apps/{app}/users` makes both.
  const create = model.builtin ? NEVER : ALWAYS
  const rules = { list: ALWAYS, view: ALWAYS, create, update: ALWAYS, delete: ALWAYS }
  const { states, softDelete, history } = model
  return {
    ...model,
    fields: new Map(fields),
    rules,
    ...(states === undefined ? {} : openStates(states)),
    ...(softDelete === undefined ? {} : { softDelete: { ...softDelete, trash: ALWAYS, restore: ALWAYS } }),
    ...(history === undefined ? {} : { history: { ...history, view: ALWAYS, read: ALWAYS } }),
  }
}

/** Transitions that the system alone may do are theirs, too; the condition of each holds for everybody. */
function openStates(states: StatesModel): { readonly states: StatesModel } {
  const transitions = [...states.transitions].map(([name, one]) => [name, { ...one, allow: ALWAYS }] as const)
  return { states: { ...states, transitions: new Map(transitions) } }
}

function openField(field: FieldModel): FieldModel {
  const { list, reference } = field
  return {
    ...field,
    readonly: field.sequence !== undefined || field.computed !== undefined,
    owner: false,
    rules: {},
    ...(reference === undefined ? {} : { reference: { ...reference, visible: false } }),
    ...(list === undefined ? {} : { list: { ...list, visible: false } }),
  }
}
