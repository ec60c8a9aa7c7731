import { describe, expect, test } from 'vitest'
import { createChecker } from './document/check-app.ts'
import { termsSection } from './terms.ts'
import { appOf, brief } from './testing.ts'

const check = createChecker([termsSection])

test('terms are names with parameters, and the source of an expression', async () => {
  const checked = check(
    await appOf(
      'chat',
      'app: chat\nterms:\n  mine(l): l.owner == auth.id\n  "near( a,b )": a == b\n  open(): true\n  limit(): 12',
    ),
  )
  expect(checked.ok && checked.app.models.get(termsSection)).toEqual(
    new Map([
      ['mine', { params: ['l'], source: 'l.owner == auth.id' }],
      ['near', { params: ['a', 'b'], source: 'a == b' }],
      ['open', { params: [], source: 'true' }],
      ['limit', { params: [], source: '12' }],
    ]),
  )
})

describe('heads that are refused', () => {
  test.each<[head: string, issue: string]>([
    ['mine', "'mine' is no term: a name and its parameters are expected ('mine()' for a term without parameters)"],
    ['mine(l', "'mine(l' is no term: a name and its parameters are expected (for example 'mine(l)')"],
    ['mine(l) x', "'mine(l) x' is no term: a name and its parameters are expected (for example 'mine(l)')"],
    ['is_mine(l)', "'is_mine' is no name for a term: camelCase is expected"],
    ['(l)', "'' is no name for a term: camelCase is expected"],
    ['has(l)', "'has' has a meaning of its own in expressions"],
    ['in(l)', "'in' has a meaning of its own in expressions"],
    ['mine(l, )', "'' is no name for a parameter: camelCase is expected"],
    ['mine(l.x)', "'l.x' is no name for a parameter: camelCase is expected"],
    ['mine(a, a)', "the parameter 'a' is given twice"],
    ['mine(auth)', "the parameter 'auth' would hide what 'auth' means"],
  ])('%s', async (head, issue) => {
    const checked = check(await appOf('chat', `app: chat\nterms:\n  '${head}': x`))
    expect(checked.ok ? [] : brief(checked.issues)).toEqual([`app.yaml:3:3 ${issue}`])
  })

  test('the same name twice', async () => {
    const checked = check(await appOf('chat', 'app: chat\nterms:\n  near(a): a\n  near(a, b): a'))
    expect(checked.ok ? [] : brief(checked.issues)).toEqual(["app.yaml:4:3 the term 'near' is given twice"])
  })
})
