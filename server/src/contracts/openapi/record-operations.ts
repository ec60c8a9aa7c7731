import type { CollectionModel } from '../../records/model.ts'
import { trashModel } from '../../records/schema/trash.ts'
import { errorCodes } from '../error-codes.ts'
import { pascalCase } from '../types/source-text.ts'
import { aggregateOperations } from './aggregate-operations.ts'
import {
  countParameter,
  idParameter,
  keyParameter,
  purgeParameter,
  searchParameters,
  shapeParameters,
  shared,
  sortParameter,
} from './parameters.ts'
import { schemaNames } from './record-schemas.ts'
import { json, type Problems, response } from './responses.ts'
import type { Samples } from './samples.ts'
import { objectSchema, ref, type Schema } from './schema.ts'

/** Anybody may call; who it is decides what they see. */
export const ANYBODY: readonly Schema[] = [{}, { bearer: [] }, { administrator: [] }]

/** The operations on a collection, by path. */
export function recordOperations(model: CollectionModel, problems: Problems, samples: Samples): Record<string, Schema> {
  const { name } = model
  const names = schemaNames(name)
  const title = pascalCase(name)
  const tags = [name]
  const sample = samples.record(name)
  const page = sample === undefined ? undefined : { items: [sample], nextCursor: null }
  const written = { anyOf: [ref(names.record), ref(names.written)] }
  const record = { anyOf: [ref(names.record), ref(names.part)] }
  const operation = (id: string, summary: string, rest: Schema): Schema => ({
    operationId: `${id}${title}`,
    summary,
    tags,
    security: ANYBODY,
    ...rest,
  })
  const writeHeaders = ['ETag', 'PreferenceApplied'] as const
  const create = body(ref(names.create), samples.input(name))
  const replace = model.ids === 'chosen' ? ref(names.replace) : ref(names.create)
  const taken = response('The record as it is now.', writeHeaders, json(written, sample))
  const made = response('The new record.', [...writeHeaders, 'Location'], json(written, sample))

  const checked = response('With `validate=only`: it could be done.', [])
  const by = keyParameter(model)
  const matching = [shared('Which'), shared('Most'), shared('DryRun')]
  const counted = response('How many match, and how many of them were changed.', [], json(ref('Matching')))

  return {
    [`/${name}`]: {
      get: operation('list', `A page of ${name}`, {
        parameters: [
          shared('Filter'),
          sortParameter(model),
          ...shapeParameters(model),
          shared('Limit'),
          shared('Cursor'),
          countParameter(model),
          ...searchParameters(model),
        ],
        responses: {
          200: response('A page.', ['HiddenByRules'], json(ref(names.page), page)),
          ...problems.of(errorCodes.list),
        },
      }),
      head: operation('exist', `Whether there is a record of ${name}`, {
        parameters: [shared('Filter')],
        responses: {
          ...problems.of(errorCodes.exists),
          200: response('There is one.', []),
          404: response('There is none, or no such collection.', []),
        },
      }),
      ...only(model, 'create', {
        post: operation('create', `Create a record of ${name}`, {
          parameters: [shared('Validate'), shared('IdempotencyKey'), shared('Prefer')],
          requestBody: create,
          responses: {
            201: {
              ...response(
                'The new record.',
                [...writeHeaders, 'Location', 'IdempotencyReplayed'],
                json(written, sample),
              ),
              links: recordLinks(
                title,
                possible(model).filter((one) => one !== 'create'),
              ),
            },
            204: checked,
            ...problems.of(errorCodes.create),
          },
        }),
      }),
      ...only(model, 'update', {
        patch: operation('updateMatching', `Change many records of ${name}`, {
          description:
            'Changes the records that match and that the caller may change, up to the limit: all of those, or none.',
          parameters: matching,
          requestBody: patchBody(ref(names.update)),
          responses: { 200: counted, ...problems.of(errorCodes.updateMatching) },
        }),
      }),
      ...only(model, 'delete', {
        delete: operation('deleteMatching', `Delete many records of ${name}`, {
          description:
            'Deletes the records that match and that the caller may delete, up to the limit: all of those, or none.',
          parameters: matching,
          responses: { 200: counted, ...problems.of(errorCodes.deleteMatching) },
        }),
      }),
      ...(by === undefined || model.view !== undefined
        ? {}
        : {
            put: operation('upsert', `Create or replace a record of ${name}`, {
              description: 'Replaces the record with this key, or creates it where there is none.',
              parameters: [by, shared('Validate'), shared('Prefer')],
              requestBody: create,
              responses: { 200: taken, 201: made, 204: checked, ...problems.of(errorCodes.upsert) },
            }),
          }),
    },
    ...aggregateOperations(model, operation, problems),
    [`/${name}/{id}`]: {
      parameters: [idParameter(model)],
      get: operation('get', `A record of ${name}`, {
        parameters: [...shapeParameters(model), shared('IfNoneMatch')],
        responses: {
          200: response('The record.', ['ETag', 'Vary'], json(record, sample)),
          304: response('It is still the one that is known.', ['ETag', 'Vary']),
          ...problems.of(errorCodes.get),
        },
      }),
      ...only(model, 'update', {
        patch: operation('update', `Change a record of ${name}`, {
          description:
            'A merge patch (RFC 7396): fields that are left out stay, null takes a value away. Or a JSON patch (RFC 6902).',
          parameters: [shared('Validate'), shared('IfMatch'), shared('Prefer')],
          requestBody: changeBody(ref(names.update)),
          responses: { 200: taken, 204: checked, ...problems.of(errorCodes.update) },
        }),
      }),
      ...only(model, 'replace', {
        put: operation('replace', `Replace a record of ${name}`, {
          description: replacing(model),
          parameters: [shared('Validate'), shared('IfMatch'), shared('OnlyNew'), shared('Prefer')],
          requestBody: body(replace, samples.input(name)),
          responses: {
            ...(model.appendOnly ? {} : { 200: taken }),
            ...(model.ids === 'chosen' ? { 201: made } : {}),
            204: checked,
            ...problems.of(errorCodes.replace),
          },
        }),
      }),
      ...only(model, 'delete', {
        delete: operation('delete', `Delete a record of ${name}`, {
          parameters: [...(model.softDelete === undefined ? [] : [purgeParameter()]), shared('IfMatch')],
          responses: { 204: response('It is gone.', []), ...problems.of(errorCodes.delete) },
        }),
      }),
    },
    ...(model.softDelete === undefined ? {} : trashOperations(model, problems, operation)),
  }
}

/** What was deleted and can come back. */
function trashOperations(
  model: CollectionModel,
  problems: Problems,
  operation: (id: string, summary: string, rest: Schema) => Schema,
): Record<string, Schema> {
  const { name } = model
  const names = schemaNames(name)
  const trash = trashModel(model)
  const page = objectSchema(
    {
      items: { type: 'array', items: { anyOf: [ref(names.trashed), { type: 'object' }] }, maxItems: 500 },
      nextCursor: { type: ['string', 'null'], description: 'Where the next page starts; null on the last one.' },
      total: { type: 'integer', minimum: 0, description: 'With `count`.' },
    },
    ['items', 'nextCursor'],
  )
  return {
    [`/${name}/-trash`]: {
      get: operation('listTrashOf', `A page of what lies in the trash of ${name}`, {
        parameters: [
          shared('Filter'),
          sortParameter(trash),
          ...shapeParameters(trash),
          shared('Limit'),
          shared('Cursor'),
          countParameter(trash),
        ],
        responses: {
          200: response('A page, the newest deletion first.', [], json(page)),
          ...problems.of(errorCodes.listTrash),
        },
      }),
    },
    [`/${name}/{id}/-restore`]: {
      parameters: [idParameter(model)],
      post: operation('restore', `Bring a record of ${name} back from the trash`, {
        description: 'With all that was deleted with it.',
        parameters: [shared('IfMatch'), shared('Prefer')],
        responses: {
          200: response(
            'The record as it is now.',
            ['ETag', 'PreferenceApplied'],
            json({ anyOf: [ref(names.record), ref(names.written)] }),
          ),
          ...problems.of(errorCodes.restore),
        },
      }),
    },
  }
}

/** What there is to do with a record that is there; a record that is only added may still be put where there is none. */
function possible({ appendOnly, ids, view }: CollectionModel): string[] {
  if (view !== undefined) return ['get']
  if (!appendOnly) return ['create', 'get', 'update', 'replace', 'delete']
  return ids === 'chosen' ? ['create', 'get', 'replace'] : ['create', 'get']
}

function only(model: CollectionModel, operation: string, methods: Schema): Schema {
  return possible(model).includes(operation) ? methods : {}
}

function replacing({ appendOnly, ids }: CollectionModel): string {
  if (appendOnly) return 'Creates the record where there is none.'
  if (ids === 'chosen') return 'Sets the whole record, or creates it where there is none.'
  return 'Sets the whole record; fields that are left out get their defaults.'
}

/** What can be done with a record that was just made. */
function recordLinks(title: string, operations: readonly string[]): Schema {
  const parameters = { id: '$response.body#/id' }
  return Object.fromEntries(operations.map((name) => [name, { operationId: `${name}${title}`, parameters }]))
}

export function body(schema: Schema, example?: unknown): Schema {
  return { required: true, content: json(schema, example) }
}

export function patchBody(schema: Schema): Schema {
  return { required: true, content: { 'application/merge-patch+json': { schema }, 'application/json': { schema } } }
}

/** A merge patch or, by its media type, a JSON patch. */
function changeBody(schema: Schema): Schema {
  const { content, ...rest } = patchBody(schema)
  return { ...rest, content: { ...(content as Schema), 'application/json-patch+json': { schema: ref('JsonPatch') } } }
}
