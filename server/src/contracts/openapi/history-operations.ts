import type { CollectionModel } from '../../records/model.ts'
import { errorCodes } from '../error-codes.ts'
import { pascalCase } from '../types/source-text.ts'
import { idParameter, shared } from './parameters.ts'
import { ANYBODY, body } from './record-operations.ts'
import { pastSchema, schemaNames } from './record-schemas.ts'
import { json, type Problems, response } from './responses.ts'
import { objectSchema, ref, type Schema } from './schema.ts'

/** The operations on the history of a collection's records, by path; nothing where none is kept. */
export function historyOperations(model: CollectionModel, problems: Problems): Record<string, Schema> {
  const { name, history } = model
  if (history === undefined) return {}
  const title = pascalCase(name)
  const names = schemaNames(name)
  return {
    [`/${name}/{id}/-history`]: {
      parameters: [idParameter(model)],
      get: {
        operationId: `historyOf${title}`,
        summary: `The versions of a record of ${name}`,
        description: 'The newest first.',
        tags: [name],
        security: ANYBODY,
        parameters: [shared('Limit'), shared('Cursor')],
        responses: {
          200: response('A page.', [], json(ref(`${title}History`))),
          ...problems.of(errorCodes.listHistory),
        },
      },
    },
    [`/${name}/{id}/-revert`]: {
      parameters: [idParameter(model)],
      post: {
        operationId: `revert${title}`,
        summary: `Give a record of ${name} the values of an earlier version`,
        description: 'A replace by what the caller may read of that version and write.',
        tags: [name],
        security: ANYBODY,
        parameters: [shared('IfMatch'), shared('Prefer')],
        requestBody: body(
          objectSchema({ version: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } }, ['version']),
          { version: 1 },
        ),
        responses: {
          200: response(
            'The record as it is now.',
            ['ETag', 'PreferenceApplied'],
            json({ anyOf: [ref(names.record), ref(names.written)] }),
          ),
          ...problems.of(errorCodes.revert),
        },
      },
    },
  }
}

/** What `-history` answers, of each collection that keeps one. */
export function historySchemas(collections: readonly CollectionModel[]): Record<string, Schema> {
  return Object.fromEntries(
    collections.flatMap((model) => {
      if (model.history === undefined) return []
      const entry = objectSchema(
        {
          version: { type: 'integer', minimum: 1 },
          at: { type: 'string', format: 'date-time', description: 'When it was written.' },
          by: {
            type: ['string', 'null'],
            format: 'uuid',
            description: 'The user who wrote it; null where it was nobody of the app.',
          },
          action: {
            enum: ['create', 'update', 'delete', 'restore', 'expire'],
            description: 'What was done; a delete shows the record as it was last, and so does the end of its time.',
          },
          record: pastSchema(model),
        },
        ['version', 'at', 'by', 'action', 'record'],
      )
      const page = objectSchema(
        { items: { type: 'array', items: entry, maxItems: 500 }, nextCursor: { type: ['string', 'null'] } },
        ['items', 'nextCursor'],
      )
      return [[`${pascalCase(model.name)}History`, page]]
    }),
  )
}
