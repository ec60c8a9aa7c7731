import { findApp } from '../find.ts'
import type { Ports } from '../ports.ts'
import { type Route, route } from '../route.ts'

/** A page that shows the app's API and tries it. */
export function getDocs<A, C>({ apps, contracts }: Pick<Ports<A, C>, 'apps' | 'contracts'>): Route {
  return route('GET', '/api/{app}/docs', {}, (_context, { params }) => {
    const { body, headers } = contracts.page(findApp(apps, params.app))
    return { status: 200, body, headers }
  })
}
