import type { DocumentIssue } from 'roadbase/admin'
import { CliError } from '../../cli-error.ts'
import { showIssue } from '../../output/issues.ts'
import { count } from '../../output/words.ts'

/** A document that is not valid, with every place. `folder` is where its files lie, unless their names say so. */
export function invalidDocument(issues: readonly DocumentIssue[], folder?: string): CliError {
  return new CliError('refused', `The document has ${count(issues.length, 'mistake')}:`, {
    details: issues.map((issue) => showIssue(issue, folder)),
    data: { code: 'invalid_document', errors: issues },
  })
}
