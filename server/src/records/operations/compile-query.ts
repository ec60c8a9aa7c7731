import { Problem } from '../../errors/problem.ts'
import { ExpressionError } from '../../expr/index.ts'

/** Characters of one statement. */
const MAX_TEXT = 1_000_000

/** What a client asks may be short, and its SQL too long all the same: 400 `query_too_costly`. */
export function compileQuery<S extends { readonly text: string }>(compile: () => S): S {
  const statement = compiled(compile)
  if (statement.text.length > MAX_TEXT) {
    throw new Problem('query_too_costly', 'What is asked for makes a statement that is too long: ask for less at once')
  }
  return statement
}

function compiled<S>(compile: () => S): S {
  try {
    return compile()
  } catch (error) {
    if (error instanceof ExpressionError) throw new Problem('query_too_costly', `In 'filter', ${error.message}`)
    throw error
  }
}
