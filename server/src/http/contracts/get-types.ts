import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'
import { contractAnswer } from './answer.ts'

/** The app's types as a TypeScript module. */
export function getTypes<A, C>({ apps, contracts }: Pick<Ports<A, C>, 'apps' | 'contracts'>): Route {
  return route('GET', '/api/{app}/types', { headers: ['if-none-match'] }, (_context, { params, headers }) =>
    contractAnswer(contracts.types(findApp(apps, params.app)), headers['if-none-match']),
  )
}
