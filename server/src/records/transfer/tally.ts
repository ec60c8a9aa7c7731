import type { Problem } from '../../errors/problem.ts'
import type { ImportCounts, ImportError, ImportProgress } from './import-types.ts'

/** Counts what becomes of the records, and keeps the first of what is wrong with them. */
export interface Tally {
  readonly counts: ImportCounts
  readonly errors: readonly ImportError[]
  /** So many records have been read and are done with. */
  add(part: Part): void
}

/** What became of some records. */
export interface Part {
  readonly created: number
  readonly updated: number
  readonly failures: readonly Failure[]
}

export interface Failure {
  readonly line: number
  readonly problem: Problem
}

const MOST_ERRORS = 100
/** Records from one line of progress to the next. */
const STRIDE = 10_000

export function createTally(onProgress: (progress: ImportProgress) => void): Tally {
  let counts: ImportCounts = { created: 0, updated: 0, failed: 0 }
  let lines = 0
  let told = 0
  const errors: ImportError[] = []
  return {
    get counts() {
      return counts
    },
    errors,
    add({ created, updated, failures }) {
      counts = {
        created: counts.created + created,
        updated: counts.updated + updated,
        failed: counts.failed + failures.length,
      }
      lines += created + updated + failures.length
      const inOrder = [...failures].sort((one, other) => one.line - other.line)
      for (const failure of inOrder) {
        if (errors.length >= MOST_ERRORS) break
        errors.push(...errorsOf(failure).slice(0, MOST_ERRORS - errors.length))
      }
      if (lines - told < STRIDE) return
      told = lines
      onProgress({ lines, ...counts })
    },
  }
}

/** One for each thing that is wrong. */
function errorsOf({ line, problem: { code, detail, options } }: Failure): ImportError[] {
  const { errors = [] } = options
  if (errors.length === 0) return [{ line, code, message: detail }]
  return errors.map((one) => ({
    line,
    code: codeOf(code, one.code),
    ...(one.pointer === '' ? {} : { pointer: one.pointer }),
    message: one.message,
  }))
}

/** Unknown fields are told together with values that are wrong, under one code: here each has its own. */
function codeOf(whole: Problem['code'], one: string): Problem['code'] {
  return whole === 'unknown_field' && one !== 'unknown_field' ? 'validation_failed' : whole
}
