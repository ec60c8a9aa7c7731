import { readFileSync } from 'node:fs'
import { type Endpoint, endpoint } from '../../endpoint.ts'
import { findApp } from '../../find-app.ts'
import type { ControlPorts } from '../../ports.ts'
import { escapeHtml } from '../escape-html.ts'
import { filePage, pageHeaders, tagOf } from '../page.ts'

const PATH = '/api/{app}/auth/reset'

/**
 * Where a user of an app sets a new password, behind a one-time link. It lies with the app's own operations, not under `/admin`, which
 * many keep from the internet; and brings along what it loads.
 */
export function resetPages<A>(ports: Pick<ControlPorts<A>, 'apps' | 'titleOf'>): readonly Endpoint[] {
  const template = readFileSync(new URL('reset.html', import.meta.url), 'utf8')
  return [
    endpoint('GET', PATH, { scope: 'public' }, ({ params }) => {
      const title = escapeHtml(ports.titleOf(findApp(ports.apps, params['app'])))
      const body = template.replaceAll('{title}', () => title)
      return { status: 200, body, headers: { ...pageHeaders('html'), etag: tagOf(body) } }
    }),
    filePage(`${PATH}/page.js`, 'reset/reset.js'),
    filePage(`${PATH}/style.css`, 'style.css'),
    filePage(`${PATH}/icon.svg`, 'icon.svg'),
  ]
}
