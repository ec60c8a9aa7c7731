/** Why a pattern can't be used; reads on after "the pattern". */
export class PatternError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PatternError'
  }
}
