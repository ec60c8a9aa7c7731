import { didYouMean } from '../../errors/did-you-mean.ts'
import { pointer } from '../../errors/pointer.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { versionOf } from './etag.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { readBack } from './read-back.ts'
import { parseId } from './record-id.ts'
import { type WriteOutput, writeOutput } from './write-output.ts'

export interface TransitionRecordInput {
  readonly id: string
  /** Its name. */
  readonly transition: string
  /** Nothing can be sent yet but an empty object. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  readonly ifMatch?: string | undefined
  readonly prefer?: 'minimal' | 'representation' | undefined
}

/** Moves a record to another state by one of the transitions of its collection. */
export async function transitionRecord(
  collection: Collection,
  sender: Caller,
  input: TransitionRecordInput,
): Promise<WriteOutput> {
  const caller = keepFacts(collection, sender)
  const lane = collection.transitions?.of(input.transition)
  if (lane === undefined) throw noTransition(collection, input.transition)
  refuseFields(input)
  const id = parseId(collection.model, input.id)
  const version = versionOf(input.ifMatch)
  if (id === undefined) throw notFound(collection, input.id)
  const row = await lane.submit({ caller, id, version })
  return writeOutput(collection.model, 200, await readBack(collection, collection.lanes, caller, row), input.prefer)
}

function noTransition({ model }: Collection, name: string): Problem {
  const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name
  const meant = didYouMean(name, [...(model.states?.transitions.keys() ?? [])])
  return new Problem('not_found', `'${model.name}' has no transition '${shown}'.${meant}`)
}

function refuseFields({ body = {}, transition }: TransitionRecordInput): void {
  const errors = Object.keys(body).map((name) => {
    return { pointer: pointer(name), code: 'unknown_field', message: `is nothing that '${transition}' takes` }
  })
  const [first] = errors
  if (first === undefined) return
  throw new Problem('unknown_field', `'${transition}' takes no fields`, { errors })
}
