import type { ErrorObject } from 'ajv/dist/2020.js'
import { pointer } from '../../errors/pointer.ts'
import type { Issue } from '../section.ts'
import { suggest } from '../suggest.ts'

/** The errors of ajv (`verbose`) in the words of somebody who writes a document. */
export function explainErrors(errors: readonly ErrorObject[]): readonly Issue[] {
  return withoutBranches(errors).flatMap((error) => explain(error) ?? [])
}

/**
 * A value that fits none of several forms has errors for each of them. Told is the form that it comes nearest to:
 * one whose type it has, and of these the one with the fewest errors.
 */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let kept: ErrorObject[] = []
  for (const error of errors) {
    if (error.keyword === 'anyOf' || error.keyword === 'oneOf') {
      const inside = kept.filter((other) => isBranchOf(other, error))
      kept = kept.filter((other) => !inside.includes(other))
      kept.push(...nearestBranch(inside, error))
    } else {
      kept.push(error)
    }
  }
  return kept
}

function isBranchOf(error: ErrorObject, parent: ErrorObject): boolean {
  const isInside =
    error.instancePath === parent.instancePath || error.instancePath.startsWith(`${parent.instancePath}/`)
  return isInside && (error.schemaPath.startsWith(`${parent.schemaPath}/`) || !isBesides(error, parent))
}

/** Of another keyword of the same schema. Errors behind a `$ref` have a schema path of their own, so only these can be told apart. */
function isBesides({ schemaPath }: ErrorObject, parent: ErrorObject): boolean {
  const schema = parent.schemaPath.slice(0, parent.schemaPath.lastIndexOf('/') + 1)
  return schemaPath.startsWith(schema) && !schemaPath.startsWith(`${schema}$defs/`)
}

function nearestBranch(errors: readonly ErrorObject[], parent: ErrorObject): readonly ErrorObject[] {
  const branches = new Map<string, ErrorObject[]>()
  for (const error of errors) {
    const branch = branchOf(error, parent)
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  const [nearest] = [...branches.values()]
    .filter((branch) => !branch.some((error) => isAnotherForm(error, parent)))
    .sort((left, right) => left.length - right.length)
  return nearest ?? [asTypeError(errors, parent)]
}

function branchOf({ schemaPath }: ErrorObject, parent: ErrorObject): string {
  if (!schemaPath.startsWith(`${parent.schemaPath}/`)) return /^.*?\$defs\/[^/]+/.exec(schemaPath)?.[0] ?? schemaPath
  return schemaPath.slice(parent.schemaPath.length + 1).split('/')[0] ?? ''
}

function isAnotherForm(error: ErrorObject, parent: ErrorObject): boolean {
  return error.instancePath === parent.instancePath && ['type', 'const', 'enum'].includes(error.keyword)
}

/** The value has the type of none of the forms, so all of their types are told. */
function asTypeError(errors: readonly ErrorObject[], parent: ErrorObject): ErrorObject {
  const types = errors
    .filter(({ keyword, instancePath }) => keyword === 'type' && instancePath === parent.instancePath)
    .flatMap(({ params }) => (params as Params)['type'])
  return types.length === 0 ? parent : { ...parent, keyword: 'type', params: { type: [...new Set(types)] } }
}

type Params = Readonly<Record<string, unknown>>

function explain(error: ErrorObject): Issue | undefined {
  const { keyword, instancePath, propertyName } = error
  const params = error.params as Params
  if (propertyName !== undefined) {
    // About a key, not about a value: the error of `propertyNames` itself only repeats it.
    const name = `'${propertyName}'`
    return keyIssue(instancePath, propertyName, `${name} is no possible name: ${own(error) ?? error.message ?? ''}`)
  }
  if (keyword === 'propertyNames' || keyword === 'if') return undefined
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    return unknownKey(error, String(params['additionalProperty'] ?? params['unevaluatedProperty']))
  }
  const [message, suggestion] = words(error, params)
  return { pointer: instancePath, message: own(error) ?? message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function unknownKey({ instancePath, parentSchema }: ErrorObject, name: string): Issue {
  const known = Object.keys((parentSchema?.['properties'] ?? {}) as object)
  const list = known.length > 0 && known.length <= 8 ? `possible are ${known.join(', ')}` : undefined
  return keyIssue(instancePath, name, `unknown key '${name}'`, suggest(name, known) ?? list)
}

function keyIssue(parent: string, name: string, message: string, suggestion?: string): Issue {
  return { pointer: parent + pointer(name), at: 'key', message, ...(suggestion === undefined ? {} : { suggestion }) }
}

/** What the schema itself says about wrong values. */
function own({ keyword, parentSchema }: ErrorObject): string | undefined {
  if (keyword === 'required' || keyword === 'type') return undefined
  const message = parentSchema?.['errorMessage']
  return typeof message === 'string' ? message : undefined
}

function words(error: ErrorObject, params: Params): readonly [message: string, suggestion?: string | undefined] {
  const { keyword, data } = error
  const limit = params['limit']
  switch (keyword) {
    case 'type':
      return [`must be ${typeWords(params['type'])}, not ${kindOf(data)}`]
    case 'required':
      return [`'${params['missingProperty']}' is missing`]
    case 'dependentRequired':
      return [`'${params['property']}' needs '${params['missingProperty']}' beside it`]
    case 'enum':
      return [
        `must be one of ${list(params['allowedValues'])}`,
        typeof data === 'string' ? suggest(data, (params['allowedValues'] as unknown[]).map(String)) : undefined,
      ]
    case 'const':
      return [`must be ${JSON.stringify(params['allowedValue'])}`]
    case 'minLength':
      return [limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`]
    case 'maxLength':
      return [`must have at most ${limit} characters`]
    case 'minItems':
    case 'minProperties':
      return [limit === 1 ? 'must not be empty' : `must have at least ${limit} entries`]
    case 'maxItems':
    case 'maxProperties':
      return [`must have at most ${limit} entries`]
    case 'uniqueItems':
      return [`entries ${Number(params['j']) + 1} and ${Number(params['i']) + 1} are the same`]
    case 'pattern':
      return [`must match ${params['pattern']}`]
    case 'not':
      return ['is not allowed here']
    default:
      return [error.message ?? `does not fit '${keyword}'`]
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a whole number',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
}

function typeWords(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).map((name) => typeNames[String(name)] ?? String(name))
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

function kindOf(data: unknown): string {
  if (data === null) return 'empty'
  if (Array.isArray(data)) return 'a list'
  if (typeof data === 'object') return 'a map'
  return typeof data === 'string' ? 'text' : JSON.stringify(data)
}

function list(values: unknown): string {
  return (values as readonly unknown[])
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(', ')
}
