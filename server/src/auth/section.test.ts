import { describe, expect, it } from 'vitest'
import type { Issue } from '../apps/section.ts'
import { authSection } from './section.ts'

function check(auth: unknown) {
  const issues: Issue[] = []
  const model = authSection.check({
    app: 'shop',
    schema: 'app_shop',
    document: auth === undefined ? { app: 'shop' } : { app: 'shop', auth },
    part: () => {
      throw new Error('needs no other section')
    },
    report: (issue) => issues.push(issue),
  })
  return { model, issues }
}

describe('the auth section', () => {
  it('is closed to strangers unless the document opens it', () => {
    expect(check(undefined).model.signup).toBe('closed')
    expect(check({ roles: { admin: [] } }).model.signup).toBe('closed')
    expect(check({ signup: 'open' }).model.signup).toBe('open')
  })

  it('tells for each permission the roles that grant it', () => {
    const { model, issues } = check({
      roles: { admin: ['links.manage', 'reports.read'], editor: ['links.manage'], guest: [] },
    })
    expect(issues).toEqual([])
    expect([...model.roles.keys()]).toEqual(['admin', 'editor', 'guest'])
    expect(Object.fromEntries(model.permissions)).toEqual({
      'links.manage': ['admin', 'editor'],
      'reports.read': ['admin'],
    })
  })

  it.each([
    [{ methods: ['password'] }, []],
    [{ methods: ['password', 'totp'] }, [['/auth/methods/1', /'totp' is not there yet/]]],
    [{ methods: ['pasword'] }, [['/auth/methods/0', /There is no method 'pasword'/]]],
    [{ roles: { 'Big Boss': [] } }, [['/auth/roles/Big Boss', /can't be the name of a role/]]],
    [{ roles: { 'a/b': ['x'] } }, [['/auth/roles/a~1b', /can't be the name of a role/]]],
    [{ roles: { admin: ['ok', 'links manage'] } }, [['/auth/roles/admin/1', /can't be the name of a permission/]]],
    [{ roles: { admin: ['links.'] } }, [['/auth/roles/admin/0', /can't be the name of a permission/]]],
  ])('%j has the issues %j', (auth, expected) => {
    const { issues } = check(auth)
    expect(issues.map(({ pointer }) => pointer)).toEqual(expected.map(([pointer]) => pointer))
    issues.forEach(({ message }, index) => {
      expect(message).toMatch(expected[index]?.[1] as RegExp)
    })
  })

  it('keeps names of JavaScript apart from names of the document', () => {
    const { model } = check(JSON.parse('{"roles": {"constructor": ["valueOf"]}}'))
    expect(model.permissions.get('valueOf')).toEqual(['constructor'])
    expect(model.roles.has('toString')).toBe(false)
  })

  it('has a snapshot of plain JSON, and nothing to plan', () => {
    const { model } = check({ signup: 'open', roles: { admin: ['a'] } })
    const snapshot = authSection.snapshot(model)
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
    expect(authSection.plan(snapshot, model, { schema: 'app_shop', version: 2, remains: undefined })).toEqual({
      steps: [],
      refusals: [],
    })
  })
})
