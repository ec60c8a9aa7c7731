import { Problem, type Violation } from '../../errors/problem.ts'
import { idField } from '../model.ts'
import type { Data, Operation } from './operation.ts'
import { problemAt } from './problem-at.ts'
import { type Names, namesOf, resolveData, resolveValue } from './references.ts'

/** An operation whose values have passed, as far as that can be known before the first one is done. */
export interface Prepared extends Operation {
  /** With ids in the place of references, but where an earlier upsert has to tell them. */
  readonly body: Data
  readonly waits: boolean
  /** Of a create: what is stored, and as which record. */
  readonly values?: Readonly<Record<string, unknown>>
  readonly newId?: string
}

export interface Preparation {
  readonly operations: readonly Prepared[]
  readonly names: Names
}

/** Checks all values before anything is done; throws everything that is wrong with them. */
export function prepare(operations: readonly Operation[]): Preparation {
  const malformed: Violation[] = []
  const problems: Problem[] = []
  const names = namesOf(operations, malformed)
  const prepared = operations.map((operation, index): Prepared => {
    const { value, waits } = resolveData(operation, index, names, malformed)
    const one = { ...operation, body: value, waits }
    if (operation.kind !== 'create') {
      const { value: id, waits: idWaits } = resolveValue(
        operation.id,
        `${operation.pointer}/id`,
        index,
        names,
        malformed,
      )
      const later = waits || idWaits
      // Whether a value fits is known without the others.
      if (!later && malformed.length === 0) collect(problems, operation, () => check(operation, value))
      if (operation.as !== undefined && operation.kind !== 'upsert' && !idWaits)
        names.ids.set(operation.as, idAsJson(operation, id))
      return { ...one, id, waits: later }
    }
    if (waits || malformed.length > 0) return one
    return collect(problems, operation, () => withValues(one, names)) ?? one
  })
  const [first] = malformed
  if (first !== undefined)
    throw new Problem('malformed_request', `${first.pointer} ${first.message}`, { errors: malformed })
  if (problems.length > 0) throw together(problems)
  return { operations: prepared, names }
}

/** A create with its values checked, and its record's id known to those that refer to it. */
export function withValues(operation: Prepared, names: Names): Prepared {
  const { collection, body, as } = operation
  const { model, app, validators } = collection
  const values = validators.create(body)
  const newId = model.ids === 'chosen' ? String(values['id']) : app.deps.newId()
  if (as !== undefined) names.ids.set(as, idAsJson(operation, newId))
  return { ...operation, values, newId }
}

/** An id as a field that refers to it takes it. */
export function idAsJson({ collection }: Operation, id: unknown): unknown {
  return idField(collection.model).type.json === 'number' ? Number(id) : String(id)
}

function check({ kind, collection: { validators } }: Operation, body: Data): void {
  if (Array.isArray(body)) validators.patch(body)
  else if (kind === 'update') validators.update(body)
  // A chosen id may stand in the path of a replace alone, so that is checked when its turn comes.
}

function collect<T>(problems: Problem[], { pointer }: Operation, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    problems.push(problemAt(error, pointer))
    return undefined
  }
}

/** What may not be sent at all comes first, as in a single record. */
function together(problems: readonly Problem[]): Problem {
  const worst = problems.find(({ code }) => code === 'unknown_field') ?? problems[0]
  if (worst === undefined || problems.length === 1) return worst ?? new Problem('internal')
  const errors = problems.flatMap(({ options }) => options.errors ?? [])
  return new Problem(worst.code, worst.detail, { errors })
}
