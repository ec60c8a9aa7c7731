import type { CollectionModel } from '../../records/model.ts'
import { errorCodes } from '../error-codes.ts'
import { pascalCase } from '../types/source-text.ts'
import { namedFields, searchParameter, shared, sortParameter } from './parameters.ts'
import { schemaNames } from './record-schemas.ts'
import { type Problems, response } from './responses.ts'
import { ref, type Schema } from './schema.ts'

/** Whole collections as files, by path. */
export function transferOperations(model: CollectionModel, problems: Problems): Record<string, Schema> {
  const { name } = model
  const { record, part } = schemaNames(name)
  const records = { type: 'array', items: { anyOf: [ref(record), ref(part)] } }
  return {
    [`/${name}/-export`]: {
      get: {
        operationId: `export${pascalCase(name)}`,
        summary: `All records of ${name} as a file`,
        description: 'As they are at one moment, streamed. An answer that fails on its way ends with its connection.',
        tags: [name],
        security: [{}, { bearer: [] }, { administrator: [] }],
        parameters: [
          shared('Format'),
          shared('Filter'),
          ...searchParameter(model),
          sortParameter(model),
          namedFields(model),
        ],
        responses: {
          200: response('The file.', ['ContentDisposition'], {
            'application/jsonl': { schema: { type: 'string' } },
            'text/csv': { schema: { type: 'string' } },
            'application/json': { schema: records },
          }),
          ...problems.of(errorCodes.export),
        },
      },
    },
    ...(model.view === undefined ? importOperation(name, problems) : {}),
  }
}

function importOperation(name: string, problems: Problems): Record<string, Schema> {
  return {
    [`/${name}/-import`]: {
      post: {
        operationId: `import${pascalCase(name)}`,
        summary: `Store many records of ${name}`,
        description: IMPORT,
        tags: [name],
        security: [{}, { bearer: [] }, { administrator: [] }],
        parameters: [shared('Mode'), shared('By'), shared('Atomic')],
        requestBody: {
          required: true,
          content: {
            'application/jsonl': { schema: { type: 'string' } },
            'application/x-ndjson': { schema: { type: 'string' } },
            'text/csv': { schema: { type: 'string' } },
            'application/json': { schema: { type: 'array', items: { type: 'object' } } },
          },
        },
        responses: {
          200: response('Lines of JSON: how far it is, and at last how it went.', [], {
            'application/jsonl': { schema: { type: 'string' } },
          }),
          ...problems.of(errorCodes.import),
        },
      },
    },
  }
}

const IMPORT =
  'Records in lines of JSON, a JSON array, or CSV with a header, read while they arrive. Each is judged as by the operation that ' +
  'creates or updates it, and what is wrong with one does not keep the others. Lines `{"progress": {…}}` tell how far it is; the last ' +
  'one is `{"created", "updated", "failed", "errors": [{"line", "code", "pointer", "message"}]}` with the first 100 errors, and ' +
  '`"stopped"` with a problem if it did not come to its end. A reference may be given by a unique key: `{"author": {"email": "…"}}`, ' +
  'in CSV a column `author.email`.'
