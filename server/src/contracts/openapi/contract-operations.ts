import { errorCodes } from '../error-codes.ts'
import { shared } from './parameters.ts'
import { type Problems, response } from './responses.ts'
import type { Schema } from './schema.ts'

const TAG = ['Contract']
const NOBODY: readonly Schema[] = []

/** What the app tells of itself, by path. */
export function contractOperations(problems: Problems): Record<string, Schema> {
  const same = response('It is still the one that is known.', ['ETag', 'Vary'])
  const errors = problems.of(errorCodes.getContract)
  return {
    '/types': {
      get: {
        operationId: 'readTypes',
        summary: 'The types of this app, as a TypeScript module',
        tags: TAG,
        security: NOBODY,
        parameters: [shared('IfNoneMatch')],
        responses: {
          200: response('The module.', ['ETag', 'Vary'], { 'text/plain': { schema: { type: 'string' } } }),
          304: same,
          ...errors,
        },
      },
    },
    '/openapi.json': {
      get: {
        operationId: 'readOpenApi',
        summary: 'This document',
        tags: TAG,
        security: NOBODY,
        parameters: [
          {
            name: 'format',
            in: 'query',
            description: '`postman`: as a collection for Postman (v2.1).',
            schema: { type: 'string', enum: ['openapi', 'postman'], default: 'openapi' },
          },
          shared('IfNoneMatch'),
        ],
        responses: {
          200: response('The document.', ['ETag', 'Vary'], { 'application/json': { schema: { type: 'object' } } }),
          304: same,
          ...errors,
        },
      },
    },
    '/docs': {
      get: {
        operationId: 'readDocs',
        summary: 'A page that shows this document',
        tags: TAG,
        security: NOBODY,
        responses: {
          200: response('The page.', ['Vary', 'ReferrerPolicy', 'ResourcePolicy', 'OpenerPolicy'], {
            'text/html': { schema: { type: 'string' } },
          }),
          ...errors,
        },
      },
    },
  }
}
