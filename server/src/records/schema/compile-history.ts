import { below } from '../../errors/pointer.ts'
import { type CheckedExpression, type Environment, NEVER } from '../../expr/index.ts'
import type { HistoryModel } from '../model.ts'
import { compileRule } from './compile-rules.ts'
import type { CollectionDraft } from './draft.ts'
import { interval } from './interval.ts'
import type { Report } from './report.ts'

/** `history: true`, or who reads it and how long it is kept. Undefined where no versions are kept. */
export function compileHistory(
  draft: CollectionDraft,
  view: CheckedExpression,
  environment: Environment,
  report: Report,
): HistoryModel | undefined {
  const { history } = draft.raw
  if (history === undefined || history === false) return undefined
  const pointer = below(draft.pointer, 'history')
  if (draft.builtin) {
    report(pointer, 'what was kept of users would outlive their accounts', {
      suggestion: 'give history to a collection that refers to users, or read the audit log',
    })
    return undefined
  }
  const { read = false, keep } = history === true ? {} : history
  return {
    view,
    read: compileRule(read, 'view', below(pointer, 'read'), draft, environment, report) ?? NEVER,
    ...(keep === undefined ? {} : { keep: interval(keep) }),
  }
}
