/** What is wrong with an expression, and where: `offset` counts UTF-16 units from the start of its source. */
export class ExpressionError extends Error {
  readonly offset: number
  /** What to write instead: `did you mean 'owner'?` */
  readonly suggestion: string | undefined

  constructor(message: string, offset: number, suggestion?: string) {
    super(message)
    this.name = 'ExpressionError'
    this.offset = offset
    this.suggestion = suggestion
  }
}
