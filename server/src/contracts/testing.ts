import { checkDocument } from '../records/schema/testing.ts'
import type { ContractSource } from './source.ts'

type Roles = Readonly<Record<string, readonly string[]>>

export interface TestDocument {
  readonly app: string
  readonly title?: string
  readonly description?: string
  readonly auth?: { readonly signup?: 'open' | 'closed'; readonly roles?: Roles }
  readonly terms?: Readonly<Record<string, string>>
  readonly collections: object
  readonly errors?: Readonly<Record<string, { readonly status: number; readonly message: string }>>
}

/** What contracts are made of, for a document that has nothing wrong. */
export function sourceOf(document: TestDocument, version = 3): ContractSource {
  const { auth = {}, terms = {}, errors = {} } = document
  const roles = new Map(Object.entries(auth.roles ?? {}))
  const permissions = Object.fromEntries([...roles.values()].flat().map((permission) => [permission, ['any']]))
  const { models, issues } = checkDocument(document.collections, {
    permissions,
    errors,
    terms: Object.fromEntries(
      Object.entries(terms).map(([head, source]) => [nameOf(head), { params: paramsOf(head), source }]),
    ),
  })
  if (issues.length > 0) throw new Error(`The document is wrong: ${JSON.stringify(issues, null, 2)}`)
  return {
    slug: document.app,
    version,
    title: document.title ?? '',
    description: document.description ?? '',
    collections: models,
    errors: new Map(Object.entries(errors).map(([code, error]) => [code, { code, ...error }])),
    auth: { signup: auth.signup ?? 'closed', roles },
  }
}

function nameOf(head: string): string {
  return head.split('(', 1)[0] ?? ''
}

function paramsOf(head: string): string[] {
  return (/\((.*)\)/.exec(head)?.[1] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** An app with something of everything that contracts tell. */
export const library = {
  app: 'book-library',
  title: 'Book library',
  description: 'Books, who wrote them, and who has them at the moment.',
  auth: { signup: 'open', roles: { librarian: ['books.manage'], 'night-guard': ['loans.see'] } },
  errors: { overdue: { status: 409, message: 'The time is over: there is a fee to be paid' } },
  collections: {
    users: {
      schema: {
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 60, description: 'As others see it.' },
          card: { type: 'string', format: 'int64', readonly: true },
          pin: { type: 'string', hidden: true },
          rating: { type: 'integer' },
        },
      },
      fields: { rating: { read: "auth.can('books.manage')", write: "auth.can('books.manage')" } },
      rules: { read: 'auth.id != null', update: 'record.id == auth.id' },
    },
    genres: {
      description: 'What books are about.',
      id: { type: 'string', pattern: '^[a-z]{2,20}$' },
      schema: { required: ['label'], properties: { label: { type: 'string' } } },
      rules: { read: true },
    },
    authors: {
      schema: {
        required: ['name'],
        properties: {
          name: { type: 'string' },
          born: { type: 'string', format: 'date' },
          genre: { $ref: 'genres', inverse: 'authors' },
        },
      },
      rules: { read: true, write: "auth.can('books.manage')" },
    },
    books: {
      description: 'A book, as the library has it.\n*/ process.exit(1) /* is no code.',
      schema: {
        required: ['title', 'author', 'status'],
        properties: {
          title: { type: 'string', minLength: 1, maxLength: 200, examples: ['Middlemarch'] },
          author: { $ref: 'authors', inverse: 'books', description: 'Who wrote it.' },
          genre: { $ref: 'genres', onDelete: 'setNull' },
          shelves: { type: 'array', items: { $ref: 'genres', inverse: 'shelved' }, uniqueItems: true, maxItems: 5 },
          addedBy: { $ref: 'users', owner: true, onDelete: 'cascade' },
          status: { enum: ['on shelf', 'lent', "it's lost"], default: 'on shelf' },
          isbn: { type: 'string', pattern: '^[0-9]{13}$', immutable: true },
          pages: { type: 'integer', minimum: 1 },
          price: { type: 'string', format: 'decimal', scale: 2, minimum: '0' },
          ean: { type: 'string', format: 'int64' },
          stars: { type: 'number', default: 0, minimum: 0, maximum: 5 },
          signed: { type: 'boolean', default: false },
          lentAt: { type: 'string', format: 'date-time', default: '=now' },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 10 },
          codes: { type: 'array', items: { type: 'integer' }, uniqueItems: true },
          place: {
            type: 'object',
            required: ['shelf'],
            properties: {
              shelf: { type: 'string' },
              row: { type: 'integer' },
              'odd "key"': { type: ['string', 'null'] },
              size: { type: 'object', properties: { high: { type: 'number' }, wide: { type: 'number' } } },
            },
          },
          more: { type: 'object' },
          secret: { type: 'string', hidden: true },
          note: { type: 'string' },
          worth: { type: 'integer' },
        },
      },
      unique: [['isbn']],
      rules: { read: true, create: 'auth.id != null', update: "auth.can('books.manage')" },
      fields: { note: { read: false }, worth: { read: "auth.can('books.manage')" } },
    },
    loans: {
      description: 'A book in the hands of a reader.',
      schema: {
        required: ['book'],
        properties: {
          book: { $ref: 'books' },
          reader: { $ref: 'users', owner: true },
          state: { enum: ['asked', 'lent', 'back'], default: 'asked' },
          dueAt: { type: 'string', format: 'date-time', readonly: true },
        },
      },
      rules: { read: 'record.reader == auth.id', create: 'auth.id != null' },
      history: { read: 'record.reader == auth.id' },
      states: {
        of: 'state',
        transitions: {
          lend: {
            from: 'asked',
            to: 'lent',
            allow: "auth.can('loans.see')",
            set: { dueAt: "=now + duration('P28D')" },
          },
          return: { from: ['asked', 'lent'], to: 'back', allow: true, if: 'record.dueAt > now', else: 'overdue' },
        },
      },
    },
    locked: { schema: { properties: {} } },
  },
} as const satisfies TestDocument
