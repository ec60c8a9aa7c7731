import { Problem } from '../../errors/problem.ts'

/** The problem of one operation, with its place in the batch. */
export function problemAt(problem: Problem, pointer: string): Problem {
  const { code, detail, options } = problem
  const told = options.errors ?? []
  const errors =
    told.length > 0
      ? told.map((error) => ({ ...error, pointer: `${pointer}/data${error.pointer}` }))
      : [{ pointer, code, message: detail }]
  return new Problem(code, detail, { ...options, errors })
}
