import { STATUS_CODES } from 'node:http'
import { catalogue, type ErrorCode } from '../../errors/catalogue.ts'
import type { DeclaredError } from '../../errors/declared-error.ts'
import { pascalCase } from '../types/source-text.ts'
import { objectSchema, ref, type Schema } from './schema.ts'

/** Headers of the answers, by the name under `components`. */
export const headers = {
  RequestId: header('Finds the request in the log of the server.', { type: 'string', minLength: 1 }, true),
  CacheControl: header('`no-store`, unless the answer may be kept.', { type: 'string' }, true),
  ContentTypeOptions: header('The content type is meant as it is said.', { const: 'nosniff' }, true),
  ContentSecurityPolicy: header('What a browser may do with the answer: nothing.', { type: 'string' }, true),
  Vary: header('What an answer depends on that may be kept.', { type: 'string' }),
  ETag: header('The version of what is answered, for `If-Match` and `If-None-Match`.', {
    type: 'string',
    pattern: '^(?:W/)?"[^"]+"$',
  }),
  Location: header('Where the new record is.', { type: 'string', format: 'uri-reference' }),
  ContentDisposition: header('A name for the file.', { type: 'string' }, true),
  PreferenceApplied: header('The preference that was followed.', { enum: ['return=minimal', 'return=representation'] }),
  IdempotencyReplayed: header('This is the answer of an earlier request with the same key.', { const: 'true' }),
  HiddenByRules: header('In development, with an empty list: how many records the rule keeps from the caller.', {
    type: 'integer',
    minimum: 0,
  }),
  RetryAfter: header('Seconds after which trying again makes sense.', { type: 'integer', minimum: 1 }, true),
  WwwAuthenticate: header('How callers prove who they are.', { type: 'string', pattern: '^Bearer' }, true),
  WwwScope: header('The scope that the key of an administrator lacks.', { type: 'string', pattern: '^Bearer' }),
  Accept: header('The content types that are understood.', { type: 'string' }, true),
  ReferrerPolicy: header('The page tells nobody where it leads from.', { const: 'no-referrer' }),
  ResourcePolicy: header('Only pages of this server may load it.', { const: 'same-origin' }),
  OpenerPolicy: header('Other pages get no hold of it.', { const: 'same-origin' }),
  PermissionsPolicy: header('What the page may not use.', { type: 'string' }),
  AllowOrigin: header('For scripts of other origins that the app allows.', { type: 'string' }),
  ExposeHeaders: header('For scripts of other origins: the headers that they may read.', { type: 'string' }),
} as const

type HeaderName = keyof typeof headers

const headerNames: Readonly<Record<HeaderName, string>> = {
  RequestId: 'X-Request-Id',
  CacheControl: 'Cache-Control',
  ContentTypeOptions: 'X-Content-Type-Options',
  ContentSecurityPolicy: 'Content-Security-Policy',
  Vary: 'Vary',
  ETag: 'ETag',
  Location: 'Location',
  ContentDisposition: 'Content-Disposition',
  PreferenceApplied: 'Preference-Applied',
  IdempotencyReplayed: 'Idempotency-Replayed',
  HiddenByRules: 'X-Hidden-By-Rules',
  RetryAfter: 'Retry-After',
  WwwAuthenticate: 'WWW-Authenticate',
  WwwScope: 'WWW-Authenticate',
  Accept: 'Accept',
  ReferrerPolicy: 'Referrer-Policy',
  ResourcePolicy: 'Cross-Origin-Resource-Policy',
  OpenerPolicy: 'Cross-Origin-Opener-Policy',
  PermissionsPolicy: 'Permissions-Policy',
  AllowOrigin: 'Access-Control-Allow-Origin',
  ExposeHeaders: 'Access-Control-Expose-Headers',
}

const EVERYWHERE: readonly HeaderName[] = [
  'RequestId',
  'CacheControl',
  'ContentTypeOptions',
  'ContentSecurityPolicy',
  'AllowOrigin',
  'ExposeHeaders',
]

/** An answer with these headers beside those that every answer has. */
export function response(
  description: string,
  more: readonly HeaderName[],
  content?: Readonly<Record<string, Schema>>,
): Schema {
  return { description, headers: headersOf(more), ...(content === undefined ? {} : { content }) }
}

export function json(schema: Schema, example?: unknown): Readonly<Record<string, Schema>> {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } }
}

/** Answers that several operations have in common, each once. */
export interface Problems {
  /** The problems with these codes, and those that the app declares itself, by status. */
  of(codes: readonly ErrorCode[], declared?: readonly DeclaredError[]): Record<string, Schema>
  readonly components: Readonly<Record<string, Schema>>
}

/** One status, with the problems that have it. */
interface Group {
  readonly codes: readonly ErrorCode[]
  readonly declared: readonly DeclaredError[]
}

export function createProblems(): Problems {
  const components: Record<string, Schema> = {}
  const names = new Map<string, string>()
  return {
    components,
    of(codes, declared = []) {
      const answers: Record<string, Schema> = {}
      for (const [status, group] of byStatus(codes, declared)) {
        answers[status] = { $ref: `#/components/responses/${nameOf(status, group)}` }
      }
      return answers
    },
  }

  function nameOf(status: string, group: Group): string {
    const key = [status, ...group.codes, ...group.declared.map(({ code }) => code)].join()
    const known = names.get(key)
    if (known !== undefined) return known
    const word = pascalCase(STATUS_CODES[status] ?? status)
    const others = [...names.values()].filter((name) => name.replace(/\d+$/, '') === word).length
    const name = others === 0 ? word : `${word}${others + 1}`
    names.set(key, name)
    components[name] = problemResponse(Number(status), group)
    return name
  }
}

function byStatus(codes: readonly ErrorCode[], declared: readonly DeclaredError[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  const add = (status: number, more: Partial<Group>) => {
    const { codes: known, declared: own } = groups.get(String(status)) ?? { codes: [], declared: [] }
    groups.set(String(status), {
      codes: [...known, ...(more.codes ?? [])],
      declared: [...own, ...(more.declared ?? [])],
    })
  }
  for (const code of Object.keys(catalogue) as ErrorCode[]) {
    if (codes.includes(code)) add(catalogue[code].status, { codes: [code] })
  }
  for (const one of declared) add(one.status, { declared: [one] })
  return groups
}

function problemResponse(status: number, { codes, declared }: Group): Schema {
  const own: readonly HeaderName[] = codes.length === 0 ? [] : headersOfStatus(status, codes)
  const [first] = codes
  const names = [...codes, ...declared.map(({ code }) => code)]
  const schema = {
    allOf: [ref('Problem'), { type: 'object', properties: { status: { const: status }, code: { enum: names } } }],
  }
  const example = first === undefined ? undefined : problemExample(first)
  const said = [
    ...codes.map((code) => `\`${code}\`: ${catalogue[code].title}.`),
    ...declared.map(({ code, message }) => `\`${code}\`: ${message}`),
  ]
  return response(said.join('\n\n'), own, {
    'application/problem+json': { schema, ...(example === undefined ? {} : { example }) },
  })
}

function headersOfStatus(status: number, codes: readonly ErrorCode[]): readonly HeaderName[] {
  if (status === 401) return ['WwwAuthenticate']
  if (codes.includes('insufficient_scope')) return ['WwwScope']
  if (status === 415) return ['Accept']
  return status === 429 || status === 503 ? ['RetryAfter'] : []
}

function problemExample(code: ErrorCode): unknown {
  const { status, title } = catalogue[code]
  return {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail: title,
    requestId: '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b',
  }
}

/** RFC 9457. */
export const problemSchemas: Readonly<Record<string, Schema>> = {
  Problem: objectSchema(
    {
      type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained.' },
      title: { type: 'string', description: 'The code in words.' },
      status: { type: 'integer' },
      code: { type: 'string', description: 'What programs compare.' },
      detail: { type: 'string', description: 'This case in words.' },
      errors: { type: 'array', items: ref('Violation'), maxItems: 100 },
      requestId: { type: 'string' },
      parameter: { type: 'string', description: 'The parameter that is wrong.' },
      position: { type: 'integer', description: 'Where the parameter is wrong, in characters.' },
      limit: { type: 'integer', description: 'The most bytes a body may have.' },
      transition: { type: 'string', description: 'The transition that was asked for.' },
      from: { type: 'array', items: { type: 'string' }, description: 'The states that it begins in.' },
      to: { type: 'string', description: 'The state that it leads to.' },
      state: { type: 'string', description: 'The state that the record is in, for callers who may see it.' },
      scope: { type: 'string', description: 'What the key of an administrator lacks.' },
    },
    ['type', 'title', 'status', 'code', 'detail', 'requestId'],
    { description: 'An error (RFC 9457).' },
  ),
  Violation: objectSchema(
    {
      pointer: { type: 'string', description: 'JSON pointer (RFC 6901) into the body.' },
      code: { type: 'string', description: 'Which rule is broken.' },
      message: { type: 'string' },
      line: { type: 'integer' },
      column: { type: 'integer' },
    },
    ['pointer', 'code', 'message'],
    { description: 'One thing that is wrong.' },
  ),
}

function headersOf(more: readonly HeaderName[]): Record<string, Schema> {
  const all = [...EVERYWHERE, ...more]
  return Object.fromEntries(all.map((name) => [headerNames[name], { $ref: `#/components/headers/${name}` }]))
}

function header(description: string, schema: Schema, required = false): Schema {
  return { description, ...(required ? { required } : {}), schema }
}
