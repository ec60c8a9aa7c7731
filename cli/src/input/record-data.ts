import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { CliError } from '../cli-error.ts'
import type { Io } from '../io.ts'
import type { CollectionInfo } from '../remote/collections.ts'
import { orNearest } from './nearest.ts'

type Json = Readonly<Record<string, unknown>>

/** How a record is given: `--data`, or `field=value` pairs, or both (the pairs win). */
export interface Given {
  readonly data: string | undefined
  readonly pairs: readonly string[]
}

/** The record; `collection` gives the pairs their types, where the document is known. */
export async function readRecord(given: Given, collection: CollectionInfo | undefined, io: Io): Promise<Json> {
  if (given.data === undefined && given.pairs.length === 0) {
    throw new CliError('usage', 'There is nothing to write.', {
      fixes: [
        `Give fields as name=value, or a JSON object: --data '{"name": "value"}', --data @file, --data - for what is piped in.`,
      ],
    })
  }
  const base = given.data === undefined ? {} : parseObject(await dataText(given.data, io))
  return { ...base, ...Object.fromEntries(given.pairs.map((pair) => parsePair(pair, collection))) }
}

/** The text of `--data`: itself, `@file`, or `-` for what is piped in. */
async function dataText(data: string, { stdin, cwd }: Io): Promise<string> {
  if (data === '-') return text(stdin)
  if (!data.startsWith('@')) return data
  return readFile(resolve(cwd, data.slice(1)), 'utf8').catch((cause: unknown) => {
    throw new CliError('not_found', `'${data.slice(1)}' can not be read.`, { cause })
  })
}

function parseObject(source: string): Json {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('refused', `The record is not JSON: ${why}.`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw new CliError('refused', 'The record is not a JSON object, such as {"title": "Heat"}.')
}

/** `title=Heat`; `tags:=["a"]` takes the value as JSON, whatever the type. */
export function parsePair(pair: string, collection: CollectionInfo | undefined): [string, unknown] {
  const [, name = '', mark, value = ''] = /^([^:=]+)(:?=)(.*)$/s.exec(pair) ?? []
  if (name === '') {
    throw new CliError('usage', `'${pair}' is not of the form name=value.`)
  }
  if (mark === ':=') return [name, parseValue(name, value)]
  if (collection === undefined) return [name, guess(value)]
  const schema = collection.fields.get(name)
  if (schema === undefined) {
    const known = [...collection.fields.keys()]
    throw new CliError('refused', `There is no field '${name}'.${orNearest(name, known)}`)
  }
  return [name, typed(name, value, typesOf(schema))]
}

function typesOf(schema: Json): readonly string[] {
  const { type } = schema
  const types = Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : []
  // These travel as text, with every digit; and none of a format, such as a date, is ever spelt 'null'.
  const isText = ['int64', 'decimal'].includes(String(schema['format'])) || schema['$ref'] !== undefined
  return isText || (types.includes('string') && schema['format'] !== undefined) ? ['string', 'null'] : types
}

function typed(name: string, value: string, types: readonly string[]): unknown {
  const takes = (type: string) => types.includes(type)
  if (value === 'null' && (!takes('string') || takes('null'))) return null
  if (takes('string')) return value
  if (takes('boolean')) {
    if (value === 'true' || value === 'false') return value === 'true'
    throw wrong(name, value, 'true or false')
  }
  if (takes('integer') || takes('number')) {
    const isNumber = /^-?(?:\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value)
    if (!isNumber || (takes('integer') && !takes('number') && !/^-?\d+$/.test(value))) {
      throw wrong(name, value, takes('integer') ? 'a whole number' : 'a number')
    }
    return Number(value)
  }
  if (takes('object') || takes('array')) return parseValue(name, value)
  // An enumeration without a type, say.
  return guess(value)
}

function parseValue(name: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw wrong(name, value, 'JSON')
  }
}

function guess(value: string): unknown {
  if (/^(?:true|false|null|-?(?:0|[1-9]\d{0,14})(?:\.\d+)?)$/.test(value)) return JSON.parse(value)
  return value
}

function wrong(name: string, value: string, expected: string): CliError {
  return new CliError('refused', `${name} takes ${expected}, not '${value}'.`)
}
