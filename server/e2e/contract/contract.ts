import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Resolve, Schema } from './arbitrary.ts'

export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly Schema[]
  /** What it may be, by media type. */
  readonly body: readonly { readonly type: string; readonly schema: Schema }[] | undefined
  readonly responses: Readonly<Record<string, Schema>>
}

export interface Contract {
  readonly operations: readonly Operation[]
  readonly resolve: Resolve
  /** What of an answer the document does not say. Nothing when it is as documented. */
  faults(operation: Operation, answer: Response, body: string): string[]
}

/** Written by the listener for every message, whatever it is. */
const FRAMING = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
])

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete']

/** A document to hold answers against. */
export function readContract(document: Schema): Contract {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats })
  ajv.addSchema({ ...document, $id: 'openapi' })
  const validators = new Map<Schema, ValidateFunction>()

  function resolve(value: unknown): Schema {
    const reference = (value as Schema)['$ref']
    if (typeof reference !== 'string') return value as Schema
    return resolve(
      reference
        .split('/')
        .slice(1)
        .reduce<unknown>((node, name) => (node as Schema)[name], document),
    )
  }

  function validatorOf(schema: Schema): ValidateFunction {
    let validate = validators.get(schema)
    if (validate === undefined) {
      validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/')))
      validators.set(schema, validate)
    }
    return validate
  }

  function faultsOfBody(response: Schema, answer: Response, body: string): string[] {
    const content = response['content'] as Readonly<Record<string, Schema>> | undefined
    if (content === undefined) return body === '' ? [] : ['has a body']
    const type = answer.headers.get('content-type')?.split(';', 1)[0] ?? ''
    const schema = content[type]?.['schema']
    if (schema === undefined) return [`is ${type}, not ${Object.keys(content)}`]
    if (!type.endsWith('json')) return []
    const validate = validatorOf(schema as Schema)
    return validate(JSON.parse(body))
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
  }

  function faultsOfHeaders(response: Schema, answer: Response): string[] {
    const documented = new Map(
      Object.entries((response['headers'] ?? {}) as Schema).map(([name, header]) => [
        name.toLowerCase(),
        resolve(header),
      ]),
    )
    const unknown = [...answer.headers.keys()].filter((name) => !documented.has(name) && !FRAMING.has(name))
    const wrong = [...documented].filter(([name, header]) => {
      const value = answer.headers.get(name)
      if (value === null) return header['required'] === true
      const schema = header['schema'] as Schema
      return !validatorOf(schema)(schema['type'] === 'integer' ? Number(value) : value)
    })
    return [...unknown.map((name) => `has ${name}`), ...wrong.map(([name]) => `${name} is ${answer.headers.get(name)}`)]
  }

  return {
    operations: operationsOf(document, resolve),
    resolve,
    faults(operation, answer, body) {
      const response = operation.responses[answer.status]
      if (response === undefined) return [`status ${answer.status} is not documented`]
      if (answer.status >= 500) return [`status ${answer.status}`]
      const bodyFaults = operation.method === 'HEAD' ? [] : faultsOfBody(response, answer, body)
      return [...faultsOfHeaders(response, answer), ...bodyFaults]
    },
  }
}

function operationsOf(document: Schema, resolve: Resolve): Operation[] {
  return Object.entries(document['paths'] as Record<string, Schema>).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as Schema | undefined
      if (operation === undefined) return []
      const all = [item['parameters'], operation['parameters']].flatMap((list) => (Array.isArray(list) ? list : []))
      const responses = Object.entries(operation['responses'] as Schema)
      return [
        {
          id: String(operation['operationId']),
          method: method.toUpperCase(),
          path,
          parameters: all.map(resolve),
          body: bodyOf(operation['requestBody'] as Schema | undefined),
          responses: Object.fromEntries(responses.map(([status, response]) => [status, resolve(response)])),
        },
      ]
    }),
  )
}

function bodyOf(body: Schema | undefined): Operation['body'] {
  if (body === undefined) return undefined
  const content = body['content'] as Readonly<Record<string, Schema>>
  return Object.entries(content).map(([type, one]) => ({ type, schema: one['schema'] as Schema }))
}

const formats = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^@\s]+@[^@\s]+$/,
  hostname: /^[a-z0-9.-]+$/i,
  uri: /^[a-z][a-z0-9+.-]*:/i,
  'uri-reference': true,
  ipv4: /^\d+(?:\.\d+){3}$/,
  ipv6: /:/,
} as const
