import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { AggregateParameters } from './aggregate-plans.ts'
import { keepFacts } from './keep-facts.ts'

/** `{items}`: results over the records that the caller may list, in groups. */
export async function aggregateRecords(
  collection: Collection,
  sender: Caller,
  input: AggregateParameters,
): Promise<{ readonly body: string }> {
  const { form, values } = collection.aggregates().aggregate(input)
  const body = await form.submit({ caller: keepFacts(collection, sender), binding: input.filter ?? '', values })
  return { body }
}
