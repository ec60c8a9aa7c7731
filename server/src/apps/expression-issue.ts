import type { Issue } from './section.ts'

/** What `expr/` throws about a source text; only its shape is needed here. */
export interface ExpressionFault {
  readonly message: string
  /** In UTF-16 units from the start of the expression. */
  readonly offset: number
  readonly suggestion?: string | undefined
}

/**
 * An expression's error as an issue at the very character, also inside quoted and folded scalars.
 * `prefix` is what stands before the expression in the scalar: 1 for the `=` of value positions.
 */
export function issueOf(fault: ExpressionFault, pointer: string, prefix = 0): Issue {
  return {
    pointer,
    offset: fault.offset + prefix,
    message: fault.message,
    ...(fault.suggestion === undefined ? {} : { suggestion: fault.suggestion }),
  }
}
