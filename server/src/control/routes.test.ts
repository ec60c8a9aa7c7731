import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type Ports, routes } from '../http/index.ts'
import { createControlPlane } from './control-plane.ts'
import type { ControlPorts } from './ports.ts'

/** Declaring routes calls nothing. */
const nothing = {} as never

test('docs/reference/http.md lists every route and no other, in the order of the table', async () => {
  const control = createControlPlane(nothing as ControlPorts<unknown>, nothing, { bodyLimit: 1 })
  const table = routes({ apps: nothing as Ports<unknown, unknown>['apps'] } as Ports<unknown, unknown>, control.routes)
  const page = readFileSync(resolve(import.meta.dirname, '../../../docs/reference/http.md'), 'utf8')
  const listed = /```text\n(.*?)```/s.exec(page)?.[1]?.trim().split('\n')
  expect(listed).toEqual(
    table.map(({ method, path, query }) => {
      const parameters = query.length === 0 ? '' : `?${query.join('&')}`
      return `${method.padEnd(6)} ${path}${parameters}`
    }),
  )
  await control.stop()
})
