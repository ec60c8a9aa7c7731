import { DOCS, Problem, type ProblemKind } from './problem.ts'

/** An error that an app's document declares: stable code, HTTP status (400 to 499) and what the caller is told. */
export interface DeclaredError {
  readonly code: string
  readonly status: number
  readonly message: string
}

/** The explanation that all errors of apps share; what one means, its message says. */
export const DECLARED_TYPE = `${DOCS}errors-of-apps`

/**
 * An error of an app, as the problem that its callers meet. To the server's own code it is a `conflict` of which it knows nothing more:
 * what an app declares decides nothing here, and is no label of a metric.
 */
export class DeclaredProblem extends Problem {
  readonly declared: DeclaredError

  constructor(declared: DeclaredError) {
    super('conflict', declared.message)
    this.name = 'DeclaredProblem'
    this.declared = declared
  }

  override get status(): number {
    return this.declared.status
  }

  protected override get kind(): ProblemKind {
    const { code, status, message } = this.declared
    return { type: DECLARED_TYPE, title: message, status, code }
  }
}
