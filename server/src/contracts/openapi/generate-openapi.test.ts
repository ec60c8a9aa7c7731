import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { library, sourceOf } from '../testing.ts'
import { generateOpenApi, type OpenApiDocument } from './generate-openapi.ts'
import { isSchema, type Schema } from './schema.ts'

const documentOf = () => generateOpenApi(sourceOf(library), 'https://library.example.org/')

describe('the OpenAPI document of an app', () => {
  it('tells every operation, what it takes and what it may answer', async () => {
    await expect(`${JSON.stringify(documentOf(), null, 2)}\n`).toMatchFileSnapshot(
      '../golden/book-library.openapi.json',
    )
  })

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(documentOf()) as Record<string, unknown>)).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('has schemas that compile, and examples that they take', () => {
    const document = documentOf()
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ ...document, $id: 'openapi' })
    let examples = 0
    visit(document, (node) => {
      if (!isSchema(node['schema'])) return
      const validate = ajv.compile(located(node['schema']))
      const given = [...('example' in node ? [node['example']] : []), ...examplesOf(node['schema'])]
      for (const example of given) {
        examples++
        expect(validate(example), JSON.stringify([example, validate.errors])).toBe(true)
      }
    })
    expect(examples).toBeGreaterThan(20)
  })

  it('names every operation once, and refers to nothing that is not there', () => {
    const document = documentOf()
    const ids: unknown[] = []
    visit(document, (node) => {
      if ('responses' in node && 'operationId' in node) ids.push(node['operationId'])
      if (typeof node['$ref'] === 'string') expect(find(document, node['$ref']), node['$ref']).toBeDefined()
    })
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['listBooks', 'createBooks', 'replaceBooks', 'signUp', 'readTypes']))
  })

  it('has nothing of what is hidden, but that it can be sent', () => {
    const { schemas } = documentOf()['components'] as {
      schemas: Record<string, { properties: object; required?: string[] }>
    }
    expect(Object.keys(schemas['BooksRecord']?.properties ?? {})).not.toContain('secret')
    expect(Object.keys(schemas['BooksCreate']?.properties ?? {})).toEqual(expect.arrayContaining(['secret', 'note']))
    expect(schemas['BooksRecord']?.required).not.toContain('worth')
    expect(Object.keys(schemas['UsersUpdate']?.properties ?? {})).toEqual(['name', 'pin', 'rating'])
  })

  it('tells what administrators see and may send beside', () => {
    const document = documentOf()
    const { schemas, securitySchemes, responses } = document['components'] as Record<string, Record<string, Schema>>
    expect(Object.keys(securitySchemes ?? {})).toEqual(['bearer', 'administrator'])
    const paths = document['paths'] as Record<string, Record<string, Schema>>
    expect(paths['/books/{id}']?.['get']?.['security']).toEqual([{}, { bearer: [] }, { administrator: [] }])
    expect(paths['/auth/me']?.['get']?.['security']).toEqual([{ bearer: [] }])
    const { note, addedBy } = (schemas?.['BooksRecord']?.['properties'] ?? {}) as Record<string, Schema>
    expect(note?.['description']).toContain('Only administrators see it.')
    expect(schemas?.['BooksRecord']?.['required']).not.toContain('note')
    expect(addedBy?.['description']).toContain('only administrators may send it')
    expect(schemas?.['BooksCreate']?.['description']).toBe('Administrators may also send `addedBy`.')
    expect(JSON.stringify(paths['/books']?.['get']?.['responses'])).toContain('Forbidden')
    expect(JSON.stringify(responses?.['Forbidden'])).toContain('insufficient_scope')
  })
})

describe('a collection with a trash', () => {
  const document = generateOpenApi(
    sourceOf({
      app: 'notes',
      collections: {
        notes: {
          softDelete: true,
          schema: { properties: { text: { type: 'string' } } },
          rules: { read: true, write: true },
        },
        plain: {},
      },
    }),
    'https://notes.example.org/',
  )
  const paths = document['paths'] as Record<string, Record<string, Schema>>

  it('tells how it is listed, brought back from, and purged', () => {
    expect(paths['/notes/-trash']?.['get']?.['operationId']).toBe('listTrashOfNotes')
    expect(JSON.stringify(paths['/notes/-trash'])).toContain('deletedAt')
    expect(paths['/notes/{id}/-restore']?.['post']?.['operationId']).toBe('restoreNotes')
    expect(JSON.stringify(paths['/notes/{id}']?.['delete'])).toContain('purge')
    expect(JSON.stringify(document['components'])).toContain('NotesTrashed')
  })

  it('and only that has one', () => {
    expect(Object.keys(paths).filter((path) => path.startsWith('/plain') && path.includes('-trash'))).toEqual([])
    expect(JSON.stringify(paths['/plain/{id}']?.['delete'])).not.toContain('purge')
  })
})

function examplesOf({ examples, default: preset }: Schema): unknown[] {
  return [...(Array.isArray(examples) ? examples : []), ...(preset === undefined ? [] : [preset])]
}

/** References lead into the document, whichever part of it a schema is taken from. */
function located(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/')
  return JSON.parse(text) as Schema
}

function find(document: OpenApiDocument, reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((node, name) => (isSchema(node) ? node[name] : undefined), document)
}

function visit(node: unknown, look: (node: Schema) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, look)
  if (!isSchema(node)) return
  look(node)
  for (const one of Object.values(node)) visit(one, look)
}
