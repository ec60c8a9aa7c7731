import { Problem } from '../errors/problem.ts'
import { parseQuery } from '../http/index.ts'
import type { QuerySchema } from './endpoint.ts'

interface Parameter {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

/** The parameters of a target (`/path?query`): strings but where the schema says otherwise. */
export function readQuery(target: string, schema: QuerySchema): Readonly<Record<string, unknown>> {
  const start = target.indexOf('?')
  const texts = parseQuery(start === -1 ? undefined : target.slice(start + 1), Object.keys(schema))
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, read(name, text, schema[name] ?? {})]))
}

function read(name: string, text: string, parameter: Parameter): string | boolean | number {
  const { type, enum: values } = parameter
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true'
    throw invalid(name, '"true" or "false"')
  }
  if (type === 'integer') return readInteger(name, text, parameter)
  if (values !== undefined && !values.includes(text)) throw invalid(name, `one of ${values.join(', ')}`)
  return text
}

function readInteger(name: string, text: string, { minimum = 0, maximum = 2 ** 31 - 1 }: Parameter): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= minimum && value <= maximum) return value
  throw invalid(name, `a whole number from ${minimum} to ${maximum}`)
}

function invalid(name: string, wanted: string): Problem {
  return new Problem('invalid_parameter', `"${name}" has to be ${wanted}.`, { data: { parameter: name } })
}
