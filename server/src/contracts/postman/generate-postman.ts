import type { OpenApiDocument } from '../openapi/generate-openapi.ts'
import { isSchema, type Schema } from '../openapi/schema.ts'

export type PostmanCollection = Readonly<Record<string, unknown>>

const METHODS = ['get', 'head', 'post', 'patch', 'put', 'delete']

/** What signs in: their answers have the tokens that later requests are sent with. */
const SIGNING_IN: readonly unknown[] = ['signUp', 'logIn', 'refreshSession']

/**
 * An OpenAPI document as a collection for Postman (v2.1): a folder per tag, examples as bodies, variables for the address and
 * the tokens, which signing in fills.
 */
export function generatePostman(openapi: OpenApiDocument): PostmanCollection {
  const { info, servers, tags } = openapi as unknown as Parts
  const operations = operationsOf(openapi)
  return {
    info: {
      name: info.title,
      description: info.description,
      version: info.version,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: servers[0]?.url ?? '', type: 'string' },
      { key: 'email', value: 'ada@example.org', type: 'string' },
      { key: 'password', value: 'correct horse battery staple', type: 'string' },
      { key: 'accessToken', value: '', type: 'string' },
      { key: 'refreshToken', value: '', type: 'string' },
    ],
    item: tags.map(({ name, description }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      item: operations.filter(({ operation }) => tagsOf(operation).includes(name)).map((one) => itemOf(openapi, one)),
    })),
  }
}

interface Parts {
  readonly info: { readonly title: string; readonly description: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description?: string }[]
}

interface Placed {
  readonly path: string
  readonly method: string
  readonly operation: Schema
  readonly parameters: readonly Schema[]
}

function operationsOf(openapi: OpenApiDocument): Placed[] {
  return Object.entries(openapi['paths'] as Record<string, Schema>).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      if (!isSchema(operation)) return []
      const parameters = [...listOf(item['parameters']), ...listOf(operation['parameters'])]
      return [{ path, method, operation, parameters: parameters.map((one) => resolve(openapi, one)) }]
    }),
  )
}

function itemOf(openapi: OpenApiDocument, { path, method, operation, parameters }: Placed): Schema {
  const { operationId, summary, description, security } = operation
  const body = bodyOf(operation)
  const headers = parameters.filter((one) => one['in'] === 'header').map((one) => pair(one))
  const needsNobody = Array.isArray(security) && security.length === 0
  return {
    name: summary,
    request: {
      method: method.toUpperCase(),
      ...(description === undefined ? {} : { description }),
      ...(needsNobody ? { auth: { type: 'noauth' } } : {}),
      header: body === undefined ? headers : [{ key: 'Content-Type', value: body.type }, ...headers],
      url: urlOf(path, parameters),
      ...(body === undefined
        ? {}
        : { body: { mode: 'raw', raw: rawBody(openapi, operationId, body), options: { raw: { language: 'json' } } } }),
    },
    ...(SIGNING_IN.includes(operationId) ? { event: [keepTokens()] } : {}),
  }
}

function urlOf(path: string, parameters: readonly Schema[]): Schema {
  const segments = path.slice(1).split('/')
  const variables = parameters.filter((one) => one['in'] === 'path')
  const query = parameters.filter((one) => one['in'] === 'query').map(pair)
  const shown = segments.map((segment) => segment.replace(/^\{(\w+)\}$/, ':$1'))
  return {
    raw: `{{baseUrl}}/${shown.join('/')}`,
    host: ['{{baseUrl}}'],
    path: shown,
    ...(query.length === 0 ? {} : { query }),
    ...(variables.length === 0
      ? {}
      : {
          variable: variables.map(({ name, description }) => ({
            key: name,
            value: '',
            ...(description === undefined ? {} : { description }),
          })),
        }),
  }
}

/** Nothing that may be left out is sent until somebody ticks it. */
function pair({ name, description, required }: Schema): Schema {
  return {
    key: name,
    value: '',
    ...(description === undefined ? {} : { description }),
    ...(required === true ? {} : { disabled: true }),
  }
}

interface Body {
  readonly type: string
  readonly schema: unknown
  readonly example: unknown
}

function bodyOf({ requestBody }: Schema): Body | undefined {
  if (!isSchema(requestBody) || !isSchema(requestBody['content'])) return undefined
  const [first] = Object.entries(requestBody['content'])
  if (first === undefined || !isSchema(first[1])) return undefined
  return { type: first[0], schema: first[1]['schema'], example: first[1]['example'] }
}

function rawBody(openapi: OpenApiDocument, operationId: unknown, { schema, example }: Body): string {
  if (operationId === 'refreshSession' || operationId === 'logOut') return text({ refreshToken: '{{refreshToken}}' })
  const base = isSchema(example) ? example : skeleton(resolve(openapi, schema))
  return text(SIGNING_IN.includes(operationId) ? { ...base, email: '{{email}}', password: '{{password}}' } : base)
}

/** Where there is no example: the keys that must be there, to be filled in. */
function skeleton({ required }: Schema): Schema {
  return Object.fromEntries(Array.isArray(required) ? required.map((name) => [String(name), null]) : [])
}

function text(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function keepTokens(): Schema {
  return {
    listen: 'test',
    script: {
      type: 'text/javascript',
      exec: [
        'if (pm.response.code < 300) {',
        '  const session = pm.response.json()',
        "  pm.collectionVariables.set('accessToken', session.accessToken)",
        "  pm.collectionVariables.set('refreshToken', session.refreshToken)",
        '}',
      ],
    },
  }
}

function tagsOf({ tags }: Schema): readonly unknown[] {
  return Array.isArray(tags) ? tags : []
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The document refers to its own components only. */
function resolve(openapi: OpenApiDocument, value: unknown): Schema {
  if (!isSchema(value)) return {}
  const target = value['$ref']
  if (typeof target !== 'string') return value
  let found: unknown = openapi
  for (const key of target.split('/').slice(1)) found = isSchema(found) ? found[key] : undefined
  return isSchema(found) ? found : {}
}
