import type { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'

/**
 * What PostgreSQL refused, in the words of the collection. Its own message and detail hold values of rows, so they
 * stay in the cause. What is none of the caller's doing is passed on as it is.
 */
export function constraintProblem(error: DatabaseError, model: CollectionModel, deleting = false): Error {
  switch (error.sqlState) {
    case '23505':
      return taken(error, model)
    case '23503':
      return deleting
        ? new Problem('reference_restricted', undefined, { cause: error })
        : missingReference(error, model)
    case '23001':
      return new Problem('reference_restricted', undefined, { cause: error })
    case '23514':
      return failedCheck(error, model)
    case '23502':
      return invalid(error, fieldOf(model, error.column), 'required', 'must have a value')
    case 'RB001': {
      const field = fieldOf(model, error.column)
      return new Problem(
        'immutable_field',
        `The field '${field?.name ?? ''}' can not be changed once the record exists`,
        {
          errors: [{ pointer: pointerTo(field), code: 'immutable', message: 'can not be changed' }],
          cause: error,
        },
      )
    }
    default:
      // Class 22, data exceptions: a value that validation let through and the column does not take.
      return error.sqlState.startsWith('22')
        ? invalid(error, fieldOf(model, error.column), 'out_of_range', 'can not be stored')
        : error
  }
}

function taken(error: DatabaseError, model: CollectionModel): Problem {
  const unique = model.unique.find(({ name }) => name === error.constraint)
  const fields = unique?.fields ?? [idField(model).name]
  const names = fields.map((name) => `'${name}'`).join(' and ')
  return new Problem('unique_violation', `A record with this ${names} exists already`, {
    errors: fields.map((name) => ({ pointer: `/${name}`, code: 'taken', message: 'is taken already' })),
    cause: error,
  })
}

function missingReference(error: DatabaseError, model: CollectionModel): Problem {
  const field = [...model.fields.values()].find(({ column }) => error.constraint?.includes(column))
  return new Problem('reference_not_found', `'${field?.name ?? ''}' refers to a record that does not exist`, {
    errors: [{ pointer: pointerTo(field), code: 'reference_not_found', message: 'does not exist' }],
    cause: error,
  })
}

function failedCheck(error: DatabaseError, model: CollectionModel): Problem {
  const check = model.checks.find(({ name }) => name === error.constraint)
  const message = check?.message ?? `The record does not satisfy '${check?.expression.source ?? 'a check'}'`
  return new Problem('check_violation', message, { errors: [{ pointer: '', code: 'check', message }], cause: error })
}

function invalid(error: DatabaseError, field: FieldModel | undefined, code: string, message: string): Problem {
  return new Problem('validation_failed', undefined, {
    errors: [{ pointer: pointerTo(field), code, message }],
    cause: error,
  })
}

function fieldOf(model: CollectionModel, column: string | undefined): FieldModel | undefined {
  return [...model.fields.values()].find((field) => field.column === column)
}

function pointerTo(field: FieldModel | undefined): string {
  return field === undefined ? '' : `/${field.name}`
}
