import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { generateOpenApi } from '../openapi/generate-openapi.ts'
import { library, sourceOf } from '../testing.ts'
import { generatePostman } from './generate-postman.ts'

const text = { type: 'string' }
const pairs = {
  type: 'array',
  items: {
    type: 'object',
    required: ['key', 'value'],
    properties: { key: text, value: text, description: text, disabled: { const: true }, type: text },
    additionalProperties: false,
  },
}
const auth = {
  type: 'object',
  required: ['type'],
  properties: { type: { enum: ['bearer', 'noauth'] }, bearer: pairs },
  additionalProperties: false,
}

/** What we use of the collection format v2.1, as its reference describes it. */
const format = {
  type: 'object',
  required: ['info', 'item'],
  properties: {
    info: {
      type: 'object',
      required: ['name', 'schema'],
      properties: {
        name: text,
        description: text,
        version: text,
        schema: { const: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      },
      additionalProperties: false,
    },
    auth,
    variable: pairs,
    item: {
      type: 'array',
      items: {
        type: 'object',
        required: ['item'],
        properties: { name: text, description: text, item: { type: 'array', items: { $ref: '#/$defs/request' } } },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
  $defs: {
    request: {
      type: 'object',
      required: ['name', 'request'],
      properties: {
        name: text,
        event: { type: 'array', items: { type: 'object', required: ['listen', 'script'] } },
        request: {
          type: 'object',
          required: ['method', 'url', 'header'],
          properties: {
            method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] },
            description: text,
            auth,
            header: pairs,
            url: {
              type: 'object',
              required: ['raw', 'host', 'path'],
              properties: {
                raw: text,
                host: { type: 'array', items: text },
                path: { type: 'array', items: text },
                query: pairs,
                variable: pairs,
              },
              additionalProperties: false,
            },
            body: {
              type: 'object',
              required: ['mode', 'raw'],
              properties: { mode: { const: 'raw' }, raw: text, options: { type: 'object' } },
              additionalProperties: false,
            },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
}

interface Item {
  readonly name: string
  readonly event?: readonly { readonly script: { readonly exec: readonly string[] } }[]
  readonly request: {
    readonly method: string
    readonly auth?: { readonly type: string }
    readonly url: { readonly raw: string }
    readonly body?: { readonly raw: string }
  }
}

describe('the Postman collection of an app', () => {
  const openapi = generateOpenApi(sourceOf(library), 'https://library.example.org')
  const collection = generatePostman(openapi) as {
    item: { name: string; item: Item[] }[]
    variable: { key: string; value: string }[]
  }
  const all = collection.item.flatMap((folder) => folder.item)
  const request = (name: string) => all.find((item) => item.name === name)

  it('has the form that Postman reads', () => {
    const validate = new Ajv2020({ strict: false }).compile(format)
    expect(validate(collection), JSON.stringify(validate.errors)).toBe(true)
  })

  it('has every operation once, in the folder of its collection', () => {
    const paths = Object.values(openapi['paths'] as Record<string, object>)
    const operations = paths.flatMap((path) => Object.keys(path).filter((key) => key !== 'parameters'))
    expect(all).toHaveLength(operations.length)
    expect(collection.item.map(({ name }) => name)).toEqual([
      'users',
      'genres',
      'authors',
      'books',
      'loans',
      'locked',
      'Batch',
      'Accounts',
      'Contract',
    ])
    expect(request('A record of books')?.request.url.raw).toBe('{{baseUrl}}/books/:id')
  })

  it('signs in with variables, and keeps the tokens for the requests after', () => {
    const logIn = request('Sign in')
    expect(JSON.parse(logIn?.request.body?.raw ?? '')).toEqual({ email: '{{email}}', password: '{{password}}' })
    expect(logIn?.event?.[0]?.script.exec.join()).toContain(
      "pm.collectionVariables.set('accessToken', session.accessToken)",
    )
    expect(logIn?.request.auth).toEqual({ type: 'noauth' })
    expect(request('A page of books')?.request.auth).toBeUndefined()
    expect(collection.variable.find(({ key }) => key === 'baseUrl')?.value).toBe(
      'https://library.example.org/api/book-library',
    )
  })

  it('sends bodies that are JSON', () => {
    for (const { request } of all)
      if (request.body !== undefined) expect(() => JSON.parse(request.body?.raw ?? '')).not.toThrow()
  })
})
