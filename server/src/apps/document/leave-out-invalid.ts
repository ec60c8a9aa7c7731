import type { ErrorObject } from 'ajv/dist/2020.js'
import { pointer, segmentsOf } from '../../errors/pointer.ts'
import type { Issue } from '../section.ts'
import type { DocumentValidator } from './validate-document.ts'

type Json = Record<string, unknown>

export interface ValidRest {
  readonly document: Readonly<Json>
  /** True for an issue that is only there because something was left out. */
  isEcho(issue: Issue): boolean
}

/** Removing one thing may make another one invalid; it ends long before this. */
const ROUNDS = 20
/** Of a document with more errors than anybody reads, the rest is not looked at before they are fewer. */
const MOST_ERRORS = 1000

/**
 * What is left of a document when everything that does not fit the JSON Schema is taken out, so that the rest can be checked in the same run.
 * Nothing when the document as a whole has no shape.
 */
export function leaveOutInvalid(document: Readonly<Json>, validate: DocumentValidator): ValidRest | undefined {
  const rest = structuredClone(document)
  /** Where something is missing now, and what it was missing from. */
  const taken: string[] = []
  const emptied = new Set<string>()
  /** Words that a later message may not hold against the author, who did write them. */
  const words = new Set<string>()

  for (let round = 0; round < ROUNDS; round++) {
    const { errors } = validate(rest)
    if (errors.length === 0) return { document: rest, isEcho }
    if (errors.length > MOST_ERRORS) return undefined
    for (const error of errors) if (!takeOut(wrongPart(error))) return undefined
  }
  return undefined

  /** False when that would leave nothing. */
  function takeOut(path: readonly string[]): boolean {
    const found = entryAt(rest, path)
    if (found === undefined) return path.length > 0
    const { parent, walked } = found
    const key = walked.at(-1) ?? ''
    taken.push(pointer(...walked))
    emptied.add(pointer(...walked.slice(0, -1)))
    for (const word of [...walked.slice(-2), ...wordsIn(parent[key])]) words.add(word)
    delete parent[key]
    return true
  }

  function isEcho({ pointer: at, message }: Issue): boolean {
    if (emptied.has(at) || taken.some((place) => at === place || at.startsWith(`${place}/`))) return true
    const quoted = [...message.matchAll(/['"`]([^'"`]+)['"`]/g)].map(([, text = '']) => text)
    return quoted.some((text) => words.has(text) || text.split('.').some((part) => words.has(part)))
  }
}

interface Found {
  readonly parent: Json
  readonly walked: readonly string[]
}

/** The entry of a map that a path leads to; of what lies inside a list, the list, whose entries have no names. Nothing when it is gone already. */
function entryAt(document: Json, path: readonly string[]): Found | undefined {
  let parent = document
  for (const [index, key] of path.entries()) {
    if (!Object.hasOwn(parent, key)) return undefined
    const value = parent[key]
    if (index === path.length - 1 || !isMap(value)) return { parent, walked: path.slice(0, index + 1) }
    parent = value
  }
  return undefined
}

function wrongPart({ instancePath, params, propertyName }: ErrorObject): readonly string[] {
  const { additionalProperty, unevaluatedProperty } = params as Record<string, unknown>
  const inner = propertyName ?? additionalProperty ?? unevaluatedProperty ?? (params as Json)['propertyName']
  const path = segmentsOf(instancePath)
  return typeof inner === 'string' ? [...path, inner] : path
}

function wordsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(wordsIn)
  return isMap(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...wordsIn(inner)]) : []
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
