import type { DatabaseError } from '../../db/database-error.ts'
import type { ErrorCode } from '../../errors/catalogue.ts'
import { Outdated } from '../../errors/outdated.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import { type ConstraintMeaning, constraintsOf } from '../schema/index.ts'
import { EXPIRED } from '../statements/expiry.ts'
import { violationInOwnWords } from '../validate/own-words.ts'
import { appendOnly } from './append-only.ts'

/**
 * What PostgreSQL refused, in the words of the collection. Its own message and detail hold values of rows, so they
 * stay in the cause. What is none of the caller's doing is passed on as it is.
 */
export function constraintProblem(error: DatabaseError, model: CollectionModel, deleting = false): Error {
  const problem = meaningOf(error, model, deleting)
  if (!(problem instanceof Problem) || problem.constructor !== Problem) return problem
  const { code, detail, options } = problem
  const errors = options.errors?.map((violation) => violationInOwnWords(model, violation))
  return errors === undefined ? problem : new Problem(code, detail, { ...options, errors })
}

function meaningOf(error: DatabaseError, model: CollectionModel, deleting: boolean): Error {
  const { sqlState } = error
  // Deleting meets the foreign keys of other collections, of which only this much is told (SEMANTICS.md).
  // A check that breaks is that of a list, which would have too few entries.
  if (sqlState === '23001' || ((sqlState === '23503' || sqlState === '23514') && deleting)) {
    return new Problem('reference_restricted', undefined, { cause: error })
  }
  if (sqlState === 'RB003') return appendOnly(error)
  if (sqlState === 'RB005') return invalid(error, model, 'readonly', 'is given by its sequence')
  if (sqlState === 'RB004') return unbalanced(error, model)
  if (sqlState === 'RB012') return invalid(error, model, 'past', EXPIRED)
  const meaning = error.constraint === undefined ? undefined : constraintsOf(model).get(error.constraint)
  if (meaning !== undefined) return explained(meaning, error)
  if (sqlState === '23502') return missing(error, model)
  if (UNKNOWN.has(sqlState)) return outdated(error, UNKNOWN.get(sqlState) ?? 'check_violation')
  if (sqlState === 'RB001') {
    const name = fieldName(model, error.column)
    if (name === '') return outdated(error, 'immutable_field')
    return new Problem('immutable_field', `The field '${name}' can not be changed once the record exists`, {
      errors: [{ pointer: `/${name}`, code: 'immutable', message: 'can not be changed' }],
      cause: error,
    })
  }
  // Statements move records along the transitions of their own version only.
  if (sqlState === 'RB011') return outdated(error, 'wrong_state')
  // Class 22, data exceptions: a value that validation let through and the column does not take.
  return sqlState.startsWith('22') ? invalid(error, model, 'out_of_range', 'can not be stored') : error
}

/** Of a balanced group, the difference is what this very transaction has added: it tells nothing of others. */
function unbalanced(cause: DatabaseError, { ledger }: CollectionModel): Problem {
  const difference = cause.detail ?? ''
  if (ledger === undefined) return new Problem('ledger_unbalanced', undefined, { cause })
  const { sum, per } = ledger
  const same = per.map((name) => `'${name}'`).join(' and ')
  const message = `is ${difference} too ${difference.startsWith('-') ? 'little' : 'much'} in sum, over all records with this ${same}`
  return new Problem('ledger_unbalanced', `The '${sum}' ${message}`, {
    errors: [{ pointer: `/${sum}`, code: 'unbalanced', message }],
    data: { difference },
    cause,
  })
}

/** The same for a restore, which brings records of several collections back at once. */
export function restoreProblem(
  error: DatabaseError,
  model: CollectionModel,
  others: readonly CollectionModel[],
): Error {
  const { constraint } = error
  const broken = constraint === undefined ? undefined : others.find((one) => constraintsOf(one).has(constraint))
  return constraintProblem(error, broken ?? model)
}

/** Constraints that the collection does not have: those of the next version, which hold while it is applied already. */
const UNKNOWN: ReadonlyMap<string, ErrorCode> = new Map([
  ['23505', 'unique_violation'],
  ['23P01', 'overlap'],
  ['23503', 'reference_not_found'],
  ['23514', 'check_violation'],
] as const)

function outdated(cause: DatabaseError, code: ErrorCode): Outdated {
  return new Outdated(code, 'The app is being changed, and the record does not fit its new version', { cause })
}

/** A field that need not be there here has become required. */
function missing(error: DatabaseError, model: CollectionModel): Problem {
  const field = [...model.fields.values()].find(({ column }) => column === error.column)
  if (field?.required !== true) return outdated(error, 'validation_failed')
  const message = field.owner ? 'must be there: it is whoever is signed in' : 'must be there'
  return invalid(error, model, 'required', message)
}

function explained(meaning: ConstraintMeaning, cause: DatabaseError): Problem {
  const { fields } = meaning
  switch (meaning.kind) {
    case 'id':
    case 'unique': {
      const names = fields.map((name) => `'${name}'`).join(' and ')
      const errors = fields.map((name) => ({ pointer: `/${name}`, code: 'taken', message: 'is taken already' }))
      return new Problem('unique_violation', `A record with this ${names} exists already`, { errors, cause })
    }
    case 'reference': {
      const [name = ''] = fields
      return new Problem('reference_not_found', `'${name}' refers to a record that does not exist`, {
        errors: [{ pointer: `/${name}`, code: 'reference_not_found', message: 'does not exist' }],
        cause,
      })
    }
    case 'value': {
      const { code, message } = meaning
      return new Problem('validation_failed', undefined, { errors: at(fields, code, message), cause })
    }
    case 'check': {
      const { message } = meaning
      return new Problem('check_violation', message, { errors: [{ pointer: '', code: 'check', message }], cause })
    }
    case 'exclude': {
      const { message, violation } = meaning
      return new Problem('overlap', message, { errors: at(fields, 'overlap', violation), cause })
    }
  }
}

function at(fields: readonly string[], code: string, message: string): Violation[] {
  return fields.map((name) => ({ pointer: `/${name}`, code, message }))
}

function invalid(error: DatabaseError, model: CollectionModel, code: string, message: string): Problem {
  const name = fieldName(model, error.column)
  const detail = name === '' ? undefined : `${name} ${message}`
  return new Problem('validation_failed', detail, {
    errors: [{ pointer: name === '' ? '' : `/${name}`, code, message }],
    cause: error,
  })
}

/** Empty where it is none of the collection's. */
function fieldName(model: CollectionModel, column: string | undefined): string {
  for (const field of model.fields.values()) if (field.column === column) return field.name
  return ''
}
