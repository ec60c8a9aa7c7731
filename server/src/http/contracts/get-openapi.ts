import { Problem } from '../../errors/problem.ts'
import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'
import { contractAnswer } from './answer.ts'

/** The app's API as an OpenAPI document; with `?format=postman` as a collection for Postman. */
export function getOpenApi<A, C>({ apps, contracts }: Pick<Ports<A, C>, 'apps' | 'contracts'>): Route {
  const shape = { query: ['format'], headers: ['if-none-match'] } as const
  return route('GET', '/api/{app}/openapi.json', shape, (_context, { params, query, headers }) => {
    const app = findApp(apps, params.app)
    const { format = 'openapi' } = query
    if (format !== 'openapi' && format !== 'postman') {
      throw new Problem('invalid_parameter', "The parameter \"format\" is 'openapi' or 'postman'.")
    }
    return contractAnswer(contracts[format](app), headers['if-none-match'])
  })
}
