import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { DistinctParameters } from './aggregate-plans.ts'
import { requestOf } from './aggregate-records.ts'
import { keepFacts } from './keep-facts.ts'

/** `{items}`: the values that a field has in the records that the caller may list, each once. */
export async function distinctValues(
  collection: Collection,
  sender: Caller,
  input: DistinctParameters,
): Promise<{ readonly body: string }> {
  const { form, values } = collection.aggregates().distinct(input)
  const body = await form.submit(requestOf(keepFacts(collection, sender), input, values))
  return { body }
}
