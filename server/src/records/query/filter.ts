import { isUuid } from '../../db/uuid.ts'
import { Problem } from '../../errors/problem.ts'
import {
  type CelType,
  type CheckedExpression,
  checkExpression,
  type Environment,
  ExpressionError,
  extractLiterals,
} from '../../expr/index.ts'
import { type CollectionModel, FREE } from '../model.ts'

/** A client's filter, taken apart: what makes the statement, and the values that are sent with it. */
export interface FilterTemplate {
  /** Equal for filters that differ only in values. */
  readonly key: string
  /** The text with variables in the place of values. */
  readonly source: string
  readonly parameters: readonly FilterParameter[]
  readonly values: readonly string[]
}

export interface FilterParameter {
  readonly name: string
  readonly pg: string
  readonly cel: CelType
}

const PARAMETER_TYPES = {
  string: { pg: 'text collate "C"', cel: { kind: 'string', nullable: false } },
  int: { pg: 'bigint', cel: { kind: 'int', nullable: false } },
  double: { pg: 'double precision', cel: { kind: 'double', nullable: false } },
  // Written as an id is, so it is compared as one: a comparison of texts would not use the index.
  uuid: { pg: 'uuid', cel: { kind: 'uuid', nullable: false } },
} as const satisfies Record<string, { pg: string; cel: CelType }>

/** Cheap, without parsing: this runs for every list, the check and the compilation once per template. */
export function filterTemplate(source: string): FilterTemplate {
  const extracted = extractLiterals(source)
  if (extracted === undefined) return { key: source, source, parameters: [], values: [] }
  let key = extracted.template
  const parameters: FilterParameter[] = []
  const values: string[] = []
  for (const literal of extracted.literals) {
    const kind = literal.kind === 'string' && isUuid(literal.value) ? 'uuid' : literal.kind
    key += `|${kind}`
    parameters.push({ name: literal.name, ...PARAMETER_TYPES[kind] })
    values.push(literal.value)
  }
  return { key, source: extracted.template, parameters, values }
}

/** Checks a filter; `undefined` where the template does not type although the text itself might. */
export function checkTemplate(
  environment: Environment,
  model: CollectionModel,
  template: FilterTemplate,
): CheckedExpression | undefined {
  const { variables, of } = filterPlace(model)
  for (const { name, cel } of template.parameters) variables.set(name, cel)
  try {
    const options = { variables, of, expect: 'bool', lookups: false, client: true } as const
    return checkExpression(template.source, environment, options)
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

/** Where a filter stands: at a character of a parameter. */
export interface FilterPlace {
  readonly parameter: string
  readonly at: number
}

/** Checks a filter as it was sent, with its values in its text. 400 `invalid_filter` says what is wrong, and where. */
export function checkFilter(
  environment: Environment,
  model: CollectionModel,
  source: string,
  place: FilterPlace = { parameter: 'filter', at: 0 },
): CheckedExpression {
  try {
    return checkExpression(source, environment, {
      ...filterPlace(model),
      expect: 'bool',
      lookups: false,
      client: true,
    })
  } catch (error) {
    throw expressionProblem(error, place)
  }
}

/** What is wrong with an expression, with its place in the parameter. */
export function expressionProblem(error: unknown, { parameter, at }: FilterPlace): unknown {
  if (!(error instanceof ExpressionError)) return error
  const { message, suggestion } = error
  const hint = suggestion === undefined ? '' : `; ${suggestion}`
  const position = at + error.offset
  return new Problem('invalid_filter', `${message}${hint} (at character ${position + 1} of '${parameter}')`, {
    data: { position },
  })
}

/** What a client's expression may speak of: bare names of fields and relations back, the caller and the time. Hidden fields are unknown. */
export function filterPlace(model: CollectionModel): { readonly variables: Map<string, CelType>; readonly of: string } {
  const variables = new Map<string, CelType>([
    ['auth', { kind: 'record', collection: 'users', nullable: false }],
    ['now', { kind: 'timestamp', nullable: false }],
  ])
  for (const field of model.fields.values()) {
    if (field.hidden && field.name !== FREE) continue
    const masked = field.rules.read !== undefined && field.rules.read.constant !== true
    variables.set(field.name, { ...field.type.cel, nullable: !field.required || masked })
  }
  return { variables, of: model.name }
}
