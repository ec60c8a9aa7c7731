import { expect, test } from 'vitest'
import { generateOpenApi } from '../contracts/openapi/generate-openapi.ts'
import { sourceOf } from '../contracts/testing.ts'
import { type Ports, routes } from '../http/index.ts'
import { createControlPlane } from './control-plane.ts'
import type { ControlPorts } from './ports.ts'

/** What an app answers and its OpenAPI document does not list, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'GET /auth/reset/page.js': 'loaded by the page for a new password, by nobody else',
  'GET /auth/reset/style.css': 'loaded by that page',
  'GET /auth/reset/icon.svg': 'loaded by that page',
}

/** Parameters are listed as far as the collection has something to name. */
const APP = {
  app: 'books',
  collections: {
    users: { schema: { properties: { friend: { $ref: 'users' } } } },
    books: {
      schema: {
        required: ['code'],
        properties: {
          code: { type: 'string' },
          next: { $ref: 'books' },
          state: { enum: ['in', 'out'], default: 'in' },
        },
      },
      states: { of: 'state', transitions: { lend: { from: 'in', to: 'out' } } },
      unique: [['code']],
      search: { code: 'A' },
      softDelete: true,
      history: true,
    },
  },
}

/** Declaring routes calls nothing. */
const nothing = {} as never

test('the OpenAPI document of an app lists every route of apps with its parameters, or there is a reason', async () => {
  const control = createControlPlane(nothing as ControlPorts<unknown>, nothing, { bodyLimit: 1 })
  const table = routes({ apps: nothing as Ports<unknown, unknown>['apps'] } as Ports<unknown, unknown>, control.routes)
  const served = table
    .filter(({ path }) => path.startsWith('/api/{app}/'))
    .map(({ method, path, query }) => [`${method} ${path.slice('/api/{app}'.length)}`, [...query].sort()] as const)
    .filter(([name]) => EXCEPTIONS[name] === undefined)
  expect(documented()).toEqual(Object.fromEntries(served))
  for (const name of Object.keys(EXCEPTIONS))
    expect(table.map(({ method, path }) => `${method} ${path}`)).toContain(name.replace(' ', ' /api/{app}'))
  await control.stop()
})

type Documented = Readonly<
  Record<
    string,
    { readonly parameters?: readonly { readonly name?: string; readonly in?: string; readonly $ref?: string }[] }
  >
>

/** The operations of the document with their query parameters; those of one collection stand for all. */
function documented(): Record<string, readonly string[]> {
  const document = generateOpenApi(sourceOf(APP), 'https://library.example.org')
  const { parameters: shared } = document['components'] as { parameters: Readonly<Record<string, object>> }
  const paths = document['paths'] as Readonly<Record<string, Documented>>
  const resolve = (one: { readonly $ref?: string }) =>
    (one.$ref === undefined ? one : shared[one.$ref.split('/').at(-1) ?? '']) as { name: string; in: string }
  return Object.fromEntries(
    Object.entries(paths)
      .filter(([path]) => !/^\/users(?:\/|$)/.test(path))
      .flatMap(([path, item]) =>
        Object.entries(item)
          .filter(([method]) => method !== 'parameters')
          .map(([method, { parameters = [] }]) => [
            `${method.toUpperCase()} ${path.replace(/^\/books/, '/{collection}').replace(/\/lend$/, '/{transition}')}`,
            parameters
              .map(resolve)
              .filter((one) => one.in === 'query')
              .map((one) => one.name)
              .sort(),
          ]),
      ),
  )
}
