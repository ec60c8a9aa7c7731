import { createHash } from 'node:crypto'
import { generateOpenApi } from './openapi/generate-openapi.ts'
import { generatePostman } from './postman/generate-postman.ts'
import type { ContractSource } from './source.ts'
import { generateTypes } from './types/generate-types.ts'

/** A text that describes an app, with the tag that changes when it does. */
export interface Contract {
  readonly body: string
  readonly etag: string
  readonly contentType: string
}

export interface Contracts<A> {
  types(app: A): Contract
  openapi(app: A): Contract
  postman(app: A): Contract
}

export interface ContractsDeps<A> {
  readonly sourceOf: (app: A) => ContractSource
  /** The server's public one. */
  readonly url: string
}

/** The contracts of the apps that are served, each made when it is first asked for and kept as long as its app. */
export function createContracts<A extends object>({ sourceOf, url }: ContractsDeps<A>): Contracts<A> {
  const openapi = once((app: A) => generateOpenApi(sourceOf(app), url))
  return {
    types: once((app) => contract(generateTypes(sourceOf(app)).text, 'text/plain; charset=utf-8')),
    openapi: once((app) => contract(JSON.stringify(openapi(app)), JSON_TYPE)),
    postman: once((app) => contract(JSON.stringify(generatePostman(openapi(app))), JSON_TYPE)),
  }
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** The tag is that of the text: versions begin again when an app is dropped, and a new server may write another text. */
function contract(body: string, contentType: string): Contract {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`, contentType }
}

function once<A extends object, T>(make: (app: A) => T): (app: A) => T {
  const made = new WeakMap<A, { readonly value: T }>()
  return (app) => {
    const known = made.get(app)
    if (known !== undefined) return known.value
    const value = make(app)
    made.set(app, { value })
    return value
  }
}
