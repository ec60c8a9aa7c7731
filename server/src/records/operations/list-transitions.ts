import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { notFound } from './get-record.ts'
import { keepFacts } from './keep-facts.ts'
import { parseId } from './record-id.ts'

/** The transitions that would succeed for this caller now, as JSON text: `{items: [{name, to}]}`. */
export async function listTransitions(
  collection: Collection,
  sender: Caller,
  input: { readonly id: string },
): Promise<string> {
  const caller = keepFacts(collection, sender)
  const { model, transitions } = collection
  if (transitions === undefined) throw new Problem('not_found', `The records of '${model.name}' have no states`)
  const id = parseId(model, input.id)
  if (id === undefined) throw notFound(collection, input.id)
  const found = await transitions.possible().submit({ caller, id })
  if (found === null) throw notFound(collection, input.id)
  return found.json
}
