import type { CollectionModel } from '../../records/model.ts'
import { errorCodes } from '../error-codes.ts'
import { pascalCase } from '../types/source-text.ts'
import { namedFields, shared, sortParameter } from './parameters.ts'
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
        parameters: [shared('Format'), shared('Filter'), sortParameter(model), namedFields(model)],
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
  }
}
