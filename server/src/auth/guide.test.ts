import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { catalogue } from '../errors/catalogue.ts'
import { authSection } from './section.ts'

const guide = readFileSync(new URL('../../../docs/guides/accounts.md', import.meta.url), 'utf8')

describe('the guide to accounts', () => {
  it('has a document whose auth part is right', () => {
    const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? []
    const model = authSection.check({
      app: 'shop',
      schema: 'app_shop',
      document: parse(yaml) as Record<string, unknown>,
      part: () => expect.fail('needs no other section'),
      report: ({ message }) => expect.fail(message),
    })
    expect(model.signup).toBe('open')
    expect(model.permissions.get('products.write')).toEqual(['manager', 'clerk'])
  })

  it('names the errors as they are', () => {
    const rows = [...guide.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code, status]) => [code, Number(status)])
    expect(rows.length).toBeGreaterThan(5)
    for (const [code, status] of rows) {
      expect([code, catalogue[code as keyof typeof catalogue]?.status]).toEqual([code, status])
    }
  })
})
