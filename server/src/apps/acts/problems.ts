import { Problem, type Violation } from '../../errors/problem.ts'
import type { AppPlan } from '../plan/app-plan.ts'
import type { DocumentIssue } from '../source/document-issue.ts'

/** The document itself is wrong: every place of it that is. */
export function invalidDocument(slug: string, issues: readonly DocumentIssue[]): Problem {
  const [first] = issues
  const rest = issues.length > 1 ? ` and ${issues.length - 1} more` : ''
  const detail =
    first === undefined ? undefined : `${first.file}:${first.line}:${first.column}: ${first.message}${rest}`
  return new Problem('invalid_document', `The document of "${slug}" has mistakes: ${detail}.`, {
    errors: issues.map(violation),
  })
}

/** The document is right, and the records that are there, or what they would lose, forbid it. */
export function refusedChange(plan: AppPlan): Problem {
  return new Problem('change_refused', undefined, { errors: plan.refusals.map(violation), data: { plan } })
}

export function notConsented(plan: AppPlan, sent: string | undefined): Problem {
  const detail =
    sent === undefined
      ? 'Something would be lost. Read the plan, and send its consent token to agree.'
      : 'The consent is for another plan: the app or the document has changed since. Read the new plan, and send its token.'
  return new Problem('consent_required', detail, { data: { plan } })
}

/** The place in the files besides the pointer. */
function violation({ pointer = '', ...issue }: DocumentIssue): Violation {
  return { pointer, code: 'invalid', ...issue }
}
