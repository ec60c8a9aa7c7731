import type { ErrorObject } from 'ajv/dist/2020.js'
import { pointer, segmentsOf } from '../pointer.ts'
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

/**
 * What is left of a document when everything that does not fit the JSON Schema is taken out, so that the rest can be checked in the same run.
 * Nothing when the document as a whole has no shape.
 */
export function leaveOutInvalid(document: Readonly<Json>, validate: DocumentValidator): ValidRest | undefined {
  const rest = structuredClone(document)
  /** Whatever a later message may name although the author did write it. */
  const names = new Set<string>()
  const touched = new Set<string>()

  for (let round = 0; round < ROUNDS; round++) {
    const { errors } = validate(rest)
    if (errors.length === 0) return { document: rest, isEcho }
    for (const error of errors) if (!takeOut(wrongPart(error))) return undefined
  }
  return undefined

  function takeOut(path: readonly string[]): boolean {
    let parent: unknown = rest
    const walked: string[] = []
    for (const segment of path) {
      const entry = isMap(parent) ? parent[segment] : undefined
      // Already gone with something around it; or inside a list, which goes as a whole because its entries have no names.
      if (entry === undefined && !(isMap(parent) && segment in parent)) return true
      walked.push(segment)
      if (!isMap(entry)) break
      if (walked.length < path.length) parent = entry
    }
    const last = walked.at(-1)
    if (last === undefined || !isMap(parent)) return false
    for (const name of [...walked.slice(1), ...namesIn(parent[last])]) names.add(name)
    touched.add(pointer(...walked.slice(0, 2)))
    delete parent[last]
    return true
  }

  function isEcho({ pointer: at, message }: Issue): boolean {
    if (touched.has(pointer(...segmentsOf(at).slice(0, 2)))) return true
    return [...message.matchAll(/['"`]([^'"`]+)['"`]/g)].some(([, quoted = '']) =>
      quoted.split('.').some((name) => names.has(name)),
    )
  }
}

function wrongPart({ instancePath, params, propertyName }: ErrorObject): readonly string[] {
  const { additionalProperty, unevaluatedProperty } = params as Record<string, unknown>
  const inner = propertyName ?? additionalProperty ?? unevaluatedProperty ?? (params as Json)['propertyName']
  const path = segmentsOf(instancePath)
  return typeof inner === 'string' ? [...path, inner] : path
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  return isMap(value) ? Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]) : []
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
