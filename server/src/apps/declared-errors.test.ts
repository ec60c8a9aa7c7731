import { describe, expect, it } from 'vitest'
import { errorsSection } from './declared-errors.ts'
import { documentValidator } from './document/validate-document.ts'
import type { CheckContext, Issue } from './section.ts'

function check(errors: object) {
  const document = { app: 'test', errors }
  const issues: Issue[] = [...documentValidator([errorsSection])(document).issues]
  const context = { document, report: (issue: Issue) => issues.push(issue) } as unknown as CheckContext
  const model = issues.length > 0 ? undefined : errorsSection.check(context)
  return { model, issues: issues.map(({ pointer, message, suggestion }) => [pointer, message, suggestion]) }
}

describe('errors of an app', () => {
  it('are known by their code', () => {
    const { model, issues } = check({
      too_late: { status: 409, message: 'Too late' },
      gone: { status: 410, message: 'x' },
    })
    expect(issues).toEqual([])
    expect([...(model?.values() ?? [])]).toEqual([
      { code: 'too_late', status: 409, message: 'Too late' },
      { code: 'gone', status: 410, message: 'x' },
    ])
  })

  it.each<[string, object, string, RegExp, string?]>([
    [
      'in camelCase',
      { tooLate: { status: 409, message: 'x' } },
      '/errors/tooLate',
      /snake_case/,
      "did you mean 'too_late'?",
    ],
    [
      'with a code of the server',
      { not_found: { status: 404, message: 'x' } },
      '/errors/not_found',
      /error of the server/,
    ],
    ['of the server', { broken: { status: 500, message: 'x' } }, '/errors/broken/status', /499/],
    [
      'that clients act upon',
      { expired: { status: 401, message: 'x' } },
      '/errors/expired/status',
      /sign-in/,
      'write 409',
    ],
    ['without a message', { late: { status: 409 } }, '/errors/late', /message/],
  ])('are not %s', (_, errors, pointer, message, suggestion) => {
    const [issue] = check(errors).issues
    expect(issue?.[0]).toBe(pointer)
    expect(issue?.[1]).toMatch(message)
    if (suggestion !== undefined) expect(issue?.[2]).toBe(suggestion)
  })
})
