import type { CollectionModel } from '../../records/model.ts'
import { errorCodes } from '../error-codes.ts'
import { shared } from './parameters.ts'
import { body } from './record-operations.ts'
import { schemaNames } from './record-schemas.ts'
import { json, type Problems, response } from './responses.ts'
import { objectSchema, ref, type Schema } from './schema.ts'

/** Writes to several collections that happen together. */
export function batchOperations(problems: Problems): Record<string, Schema> {
  return {
    '/batch': {
      post: {
        operationId: 'runBatch',
        summary: 'Several writes that happen together, or not at all',
        description:
          'The operations are done in their order, each seeing what the ones before it have written. What fails tells its place: ' +
          '`/operations/1/data/title`. With `as` a record gets a name, and `{"$ref": name}` in a field, in a list or as `id` of a ' +
          'later operation stands for its id.',
        tags: ['Batch'],
        security: [{}, { bearer: [] }, { administrator: [] }],
        parameters: [shared('Validate'), shared('IdempotencyKey'), shared('Prefer')],
        requestBody: body(ref('Batch')),
        responses: {
          200: response(
            'What each operation alone would answer; null for a delete.',
            ['PreferenceApplied', 'IdempotencyReplayed'],
            json(ref('BatchResults')),
          ),
          204: response('With `validate=only`: all of it could be done.', []),
          ...problems.of(errorCodes.batch),
        },
      },
    },
  }
}

/** The schemas of what is written at once. */
export function batchSchemas(all: readonly CollectionModel[]): Record<string, Schema> {
  const collections = all.filter(({ view }) => view === undefined)
  const collection = { type: 'string', enum: collections.map(({ name }) => name) }
  const data = { type: 'object', description: 'As the operation alone takes it; ids may be `{"$ref": name}`.' }
  const as = {
    type: 'string',
    pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,63}$',
    description: 'The name of the record in this batch.',
  }
  // In words: a property of this name is taken for a reference of the document itself.
  const reference = { type: 'object', minProperties: 1, maxProperties: 1, description: '`{"$ref": name}`' }
  const id = { anyOf: [{ type: 'string' }, { type: 'integer' }, reference] }
  const ifMatch = {
    anyOf: [{ type: 'string' }, { type: 'integer', minimum: 1 }],
    description: 'The version that was read, or its `ETag`.',
  }
  const by = { type: 'string', description: 'The fields of a unique key, with commas between.' }
  const operations = [
    objectSchema({ create: collection, data, as }, ['create', 'data']),
    objectSchema({ update: collection, id, data: { anyOf: [data, ref('JsonPatch')] }, ifMatch, as }, [
      'update',
      'id',
      'data',
    ]),
    objectSchema({ replace: collection, id, data, ifMatch, as }, ['replace', 'id', 'data']),
    objectSchema({ upsert: collection, by, data, as }, ['upsert', 'by', 'data']),
    objectSchema({ delete: collection, id, ifMatch }, ['delete', 'id']),
  ]
  const path = { type: 'string', pattern: '^(/|$)', description: 'A JSON pointer: `/tags/0`.' }
  const patches = [
    objectSchema({ op: { enum: ['add', 'replace', 'test'] }, path, value: {} }, ['op', 'path', 'value']),
    objectSchema({ op: { const: 'remove' }, path }, ['op', 'path']),
    objectSchema({ op: { enum: ['move', 'copy'] }, path, from: path }, ['op', 'path', 'from']),
  ]
  const results = collections.flatMap(({ name }) => [ref(schemaNames(name).record), ref(schemaNames(name).written)])
  return {
    Matching: objectSchema({ matched: { type: 'integer', minimum: 0 }, changed: { type: 'integer', minimum: 0 } }, [
      'matched',
      'changed',
    ]),
    JsonPatch: {
      type: 'array',
      items: { anyOf: patches },
      maxItems: 1000,
      description: 'Operations on the record as its reader sees it (RFC 6902): all of them are done, or none.',
    },
    Batch: objectSchema({ operations: { type: 'array', items: { anyOf: operations }, minItems: 1, maxItems: 1000 } }, [
      'operations',
    ]),
    BatchResults: objectSchema({ results: { type: 'array', items: { anyOf: [...results, { type: 'null' }] } } }, [
      'results',
    ]),
  }
}
