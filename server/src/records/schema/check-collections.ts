import type { DeclaredErrors } from '../../apps/index.ts'
import { atOnce, type Parts } from '../../apps/parts.ts'
import type { CheckContext } from '../../apps/section.ts'
import { below } from '../../errors/pointer.ts'
import { type Environment, fieldType, type SettingTypes } from '../../expr/index.ts'
import type { CollectionModel, FieldModel, ReferenceModel, ViewModel } from '../model.ts'
import { createFieldChecks, type FieldChecks } from '../validate/field-check.ts'
import { checkAppendOnly } from './check-append-only.ts'
import { checkReadFields } from './check-read-fields.ts'
import { checkRenames } from './check-renames.ts'
import { checkNumbersUnread } from './check-sequences.ts'
import { compileComputed, withReadFields } from './compile-computed.ts'
import { compileBackfill, compileDefault } from './compile-defaults.ts'
import { compileExcludes } from './compile-excludes.ts'
import { checkVanishing, compileExpires, tellExpiry, withExpiry } from './compile-expires.ts'
import { compileHistory } from './compile-history.ts'
import { compileChecks, compileIndexes, compileUnique } from './compile-keys.ts'
import { compileLedger, ledgerIndex } from './compile-ledger.ts'
import { compileFieldRules, compileRules, withAll } from './compile-rules.ts'
import { compileSearch } from './compile-search.ts'
import { compileStates } from './compile-states.ts'
import type { CollectionDraft, FieldDraft, RawCollection, ViewDraft } from './draft.ts'
import { entriesOf, environmentOf, tableOf, typeOf } from './environment.ts'
import { ANNOTATIONS } from './keywords.ts'
import { documentedRange } from './range-schema.ts'
import { readCollection } from './read-collection.ts'
import { readInverses } from './read-inverses.ts'
import { meant, type Report } from './report.ts'
import { checkCascades, compileSoftDelete } from './soft-delete.ts'
import { USERS } from './users.ts'
import { goingOf, keptBy, type VanishingContext, vanishingOf } from './vanishing.ts'
import { readViews } from './views/read-views.ts'

export interface CollectionsContext extends Pick<CheckContext, 'schema' | 'document' | 'isPart' | 'report'> {
  readonly terms: Environment['terms']
  /** Each permission of `auth:`, with the roles that grant it. */
  readonly permissions: Environment['permissions']
  readonly settings: SettingTypes
  readonly errors: DeclaredErrors
}

export type CollectionModels = ReadonlyMap<string, CollectionModel>

/**
 * The `collections:` of a document, checked. First all names and types, then all expressions, since these may speak of
 * any collection. Everything wrong is reported; the models are of use only when nothing was.
 */
export function checkCollections(context: CollectionsContext): CollectionModels {
  return atOnce(checkCollectionsInParts(context))
}

/** The same with breaks for requests. */
export function* checkCollectionsInParts(context: CollectionsContext): Parts<CollectionModels> {
  const report = reportOnce(context)
  let isRight = !context.isPart
  const drafts = yield* readViews(
    yield* readCollections(context.document, (...issue) => {
      isRight = false
      report(...issue)
    }),
    () => isRight,
    context,
    report,
  )
  checkReferences(drafts, report)
  const inverses = readInverses(drafts, report)
  checkCascades(drafts, report)
  const going = goingOf(drafts)
  checkVanishing(drafts, going, report)
  const environment = yield* environmentOf(
    drafts,
    inverses,
    context.schema,
    context.terms,
    context.permissions,
    context.settings,
  )
  const checks = createFieldChecks()
  const models = new Map<string, CollectionModel>()
  for (const draft of drafts.values()) {
    const model = compileCollection(draft, { ...context, drafts, going }, environment, checks, report)
    models.set(draft.name, { ...model, inverses: inverses.get(draft.name) ?? new Map() })
    yield
  }
  checkReadFields(models, report)
  return models
}

/** `read` and `write` are checked once for each action that they stand for, and told once. */
function reportOnce(context: CollectionsContext): Report {
  const told = new Set<string>()
  return (pointer, message, more = {}) => {
    const issue = { pointer, message, ...more }
    const key = JSON.stringify(issue)
    if (!told.has(key)) context.report(issue)
    told.add(key)
  }
}

function* readCollections(
  document: CheckContext['document'],
  report: Report,
): Parts<ReadonlyMap<string, CollectionDraft>> {
  const raw = (document['collections'] ?? {}) as Readonly<Record<string, RawCollection | null>>
  const drafts = new Map<string, CollectionDraft>()
  const tables = new Map<string, string>()
  for (const [name, collection] of [[USERS, raw[USERS] ?? {}] as const, ...Object.entries(raw)]) {
    if (drafts.has(name)) continue
    const pointer = below('/collections', name)
    const draft = readCollection(name, collection ?? {}, pointer, report)
    yield
    if (draft === undefined) continue
    const other = tables.get(draft.tableName)
    if (other !== undefined)
      report(pointer, `'${name}' and '${other}' are both '${draft.tableName}' in SQL`, { at: 'key' })
    tables.set(draft.tableName, name)
    drafts.set(name, draft)
  }
  const named = [...drafts.values()].map(({ name, raw: { renamedFrom } }) => ({ name, renamedFrom }))
  checkRenames(named, (name) => below('/collections', name), 'collection', report)
  return drafts
}

function checkReferences(drafts: ReadonlyMap<string, CollectionDraft>, report: Report): void {
  for (const draft of drafts.values()) {
    for (const field of draft.fields.values()) {
      const { collection } = field.reference ?? field.list ?? {}
      if (collection === undefined) continue
      const target = drafts.get(collection)
      const place = field.list === undefined ? [] : ['items']
      const pointer = below(field.pointer, ...place, '$ref')
      if (target === undefined) {
        report(pointer, `there is no collection '${collection}'`, meant(collection, drafts.keys()))
      } else if (target.view !== undefined) {
        checkLoose(draft, field, collection, report)
      } else if (target.storage === 'memory' && draft.storage === 'durable') {
        report(
          pointer,
          `'${collection}' is kept in memory: after a crash of the database these durable records would refer to nothing`,
        )
      }
    }
  }
}

/** Of a view nothing is deleted, and no foreign key can lead to one. */
function checkLoose({ raw }: CollectionDraft, { name, pointer, list }: FieldDraft, view: string, report: Report): void {
  if (list !== undefined) {
    report(below(pointer, 'items', '$ref'), `'${view}' is a view: nothing could hold the entries of a list`, {
      suggestion: `refer to one record by { $ref: ${view} }, or to many of what the view reads`,
    })
  } else if (raw.schema?.properties?.[name]?.['onDelete'] !== undefined) {
    report(below(pointer, 'onDelete'), `'${view}' is a view, and nobody deletes its records`, {
      at: 'key',
      suggestion: 'leave it out',
    })
  }
}

/** Keywords that need one another (`then` without `if`) are known by the compiler of schemas only. */
function checkCompiles(field: FieldDraft, checks: FieldChecks, report: Report): void {
  const fault = checks.fault(field.schema)
  if (fault !== undefined) report(field.pointer, `is not a schema: ${fault}`)
}

function compileCollection(
  read: CollectionDraft,
  { errors, ...context }: VanishingContext & Pick<CollectionsContext, 'errors'>,
  environment: Environment,
  checks: FieldChecks,
  report: Report,
): Omit<CollectionModel, 'inverses'> {
  const { drafts, going, schema } = context
  const computed = compileComputed(read, drafts, environment, report)
  const draft = withReadFields(read, computed, report)
  const fieldRules = compileFieldRules(draft, environment, report)
  const compiled = [...draft.fields.values()].map((field): [string, FieldModel] => {
    const {
      pointer: _pointer,
      complete,
      rawDefault: _raw,
      rawBackfill: _backfill,
      rawComputed: _computed,
      list,
      reference,
      ...rest
    } = field
    const type = typeOf(field, drafts)
    // A reference is checked as the id it holds.
    const target = drafts.get((field.reference ?? list)?.collection ?? '')?.fields.get('id')
    const value = target === undefined ? field : { ...field, schema: asStored(field, target) }
    if (field.schema['storable'] === true) checkCompiles(field, checks, report)
    const preset = compileDefault(value, type, draft, environment, checks, report)
    const backfill = compileBackfill(value, type, draft, environment, report)
    const expression = computed.get(field.name)
    return [
      field.name,
      {
        ...rest,
        ...(reference === undefined ? {} : { reference: withLooseness(withExpiry(reference, drafts), drafts) }),
        schema: value.schema,
        documented: tellExpiry(
          draft,
          field,
          target === undefined ? documentedRange(complete) : asDocumented(field, target),
        ),
        ...(list === undefined
          ? {}
          : {
              list: {
                ...withExpiry(list, drafts),
                ids: fieldType((target ?? field).complete),
                entries: entriesOf(draft, field, schema),
              },
            }),
        type,
        rules: fieldRules.get(field.name) ?? {},
        ...(preset === undefined ? {} : { default: preset }),
        ...(backfill === undefined ? {} : { backfill }),
        ...(expression === undefined ? {} : { computed: expression }),
      },
    ]
  })
  const fields = new Map(compiled)
  const unique = compileUnique(draft, environment, report)
  const checksOfDocument = compileChecks(draft, environment, report)
  const ranges = compileExcludes(draft, environment, report)
  const indexes = compileIndexes(draft, unique, environment, report)
  const ledger = compileLedger(draft, report)
  checkAppendOnly(draft, report)
  const vanishing = vanishingOf(draft, context)
  const kept = keptBy(draft.name, context)
  const states = compileStates({ draft, fields, environment, errors, checks, report })
  const ownRules = compileRules(draft, environment, report)
  const history = compileHistory(draft, ownRules.view, environment, report)
  const rules = vanishing === undefined ? ownRules : withAll(ownRules, vanishing, draft, environment)
  const allChecks = [
    ...checksOfDocument,
    ...ranges.checks.filter(({ name }) => !checksOfDocument.some((one) => one.name === name)),
  ]
  checkNumbersUnread(draft, rules, allChecks, new Map(fields), report)
  const search = compileSearch(draft, fields, report)
  const softDelete = compileSoftDelete(draft, { drafts, going }, environment, report)
  const expires = compileExpires(draft, report)
  const description = draft.raw.description ?? draft.raw.schema?.description
  return {
    name: draft.name,
    ...(draft.raw.renamedFrom === undefined ? {} : { renamedFrom: draft.raw.renamedFrom }),
    ...(description === undefined ? {} : { description }),
    table: tableOf(draft, schema),
    fields,
    ids: draft.ids,
    unique,
    indexes: [...indexes, ...ledgerIndex(draft, ledger, indexes, unique)],
    checks: allChecks,
    excludes: ranges.excludes,
    appendOnly: draft.raw.appendOnly === true,
    ...(ledger === undefined ? {} : { ledger }),
    ...(states === undefined ? {} : { states }),
    rules,
    ...(search === undefined ? {} : { search }),
    ...(history === undefined ? {} : { history }),
    storage: draft.storage,
    ...(softDelete === undefined ? {} : { softDelete }),
    ...(draft.view === undefined ? {} : { view: viewModel(draft.view) }),
    ...(expires === undefined ? {} : { expires }),
    ...(vanishing === undefined ? {} : { vanishing }),
    ...(kept.length === 0 ? {} : { keptBy: kept }),
    builtin: draft.builtin,
  }
}

function withLooseness(reference: ReferenceModel, drafts: ReadonlyMap<string, CollectionDraft>): ReferenceModel {
  return drafts.get(reference.collection)?.view === undefined ? reference : { ...reference, loose: true }
}

function viewModel({ isKnown: _, ...view }: ViewDraft): ViewModel {
  return view
}

function asStored({ list, schema }: FieldDraft, id: FieldDraft): FieldDraft['schema'] {
  return list === undefined ? id.schema : { ...schema, items: id.schema }
}

function asDocumented({ list, complete }: FieldDraft, id: FieldDraft): FieldDraft['complete'] {
  return list === undefined ? { ...id.complete, ...annotationsOf(complete) } : { ...complete, items: id.complete }
}

/** What a schema says to people. */
function annotationsOf(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => ANNOTATIONS.includes(keyword)))
}
