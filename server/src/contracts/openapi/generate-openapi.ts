import { USERS } from '../../records/schema/users.ts'
import type { ContractSource } from '../source.ts'
import { accountOperations, accountSchemas } from './account-operations.ts'
import { batchOperations, batchSchemas } from './batch-operations.ts'
import { contractOperations } from './contract-operations.ts'
import { historyOperations, historySchemas } from './history-operations.ts'
import { sharedParameters } from './parameters.ts'
import { recordOperations } from './record-operations.ts'
import { recordSchemas } from './record-schemas.ts'
import { createProblems, headers, problemSchemas } from './responses.ts'
import { createSamples } from './samples.ts'
import type { Schema } from './schema.ts'
import { stateOperations, transitionSchemas } from './state-operations.ts'
import { transferOperations } from './transfer-operations.ts'

export type OpenApiDocument = Readonly<Record<string, unknown>>

/**
 * The API of an app as an OpenAPI 3.1 document: every operation with what it takes, and everything it may answer. `url` is the
 * server's public one.
 */
export function generateOpenApi(source: ContractSource, url: string): OpenApiDocument {
  const collections = [...source.collections.values()]
  const users = source.collections.get(USERS)
  const problems = createProblems()
  const samples = createSamples(source)
  const paths = [
    ...collections.map((collection) => recordOperations(collection, problems, samples)),
    ...collections.map((collection) => transferOperations(collection, problems)),
    ...collections.map((collection) => stateOperations(collection, problems, samples)),
    batchOperations(problems),
    ...collections.map((collection) => historyOperations(collection, problems)),
    ...(users === undefined ? [] : [accountOperations(users, problems, samples)]),
    contractOperations(problems),
  ]
  const schemas = [
    ...collections.map(recordSchemas),
    batchSchemas(collections),
    ...(users === undefined ? [] : [accountSchemas(users)]),
    problemSchemas,
    transitionSchemas(collections),
    historySchemas(collections),
  ]
  return {
    openapi: '3.1.0',
    info: {
      title: source.title === '' ? source.slug : source.title,
      version: String(source.version),
      description: [source.description, ABOUT].filter((text) => text !== '').join('\n\n'),
    },
    servers: [{ url: `${url.replace(/\/+$/, '')}/api/${source.slug}` }],
    tags: [
      ...collections.map(({ name, description }) => ({ name, ...(description === undefined ? {} : { description }) })),
      { name: 'Batch', description: 'Writes to several collections at once.' },
      { name: 'Accounts', description: 'Signing up, in and out.' },
      { name: 'Contract', description: 'What the app tells of itself.' },
    ],
    paths: merged(paths),
    components: {
      schemas: merged(schemas),
      responses: problems.components,
      parameters: sharedParameters,
      headers,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The access token of a user, from signing up or in.',
        },
        administrator: { type: 'http', scheme: 'bearer', description: ADMINISTRATOR },
      },
    },
  }
}

const ABOUT =
  'Errors are `application/problem+json`; programs look at `code`. `HEAD` is answered wherever `GET` is, and `OPTIONS` everywhere; ' +
  'another method that a path does not have is 405, with `Allow`.'

const ADMINISTRATOR =
  'The key (`rbk_…`) or session (`rba_…`) of an administrator of the server, for records. No rule is asked, of the collection or of ' +
  'its fields, and fields that the server sets otherwise may be sent; schema, checks and unique keys hold, and hidden fields stay ' +
  'hidden. Reading needs the scope `records:read`, writing `records:write`, and writing `users` `users:write`; without it the answer ' +
  'is 403 `insufficient_scope`, and 403 `forbidden` where the key is limited to other apps.'

function merged(parts: readonly Readonly<Record<string, Schema>>[]): Record<string, Schema> {
  return Object.assign({}, ...parts) as Record<string, Schema>
}
