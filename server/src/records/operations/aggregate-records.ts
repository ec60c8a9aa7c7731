import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { keyOf } from '../query/filter-forms.ts'
import type { AggregateInput } from '../statements/aggregate.ts'
import type { AggregateParameters } from './aggregate-plans.ts'
import { keepFacts } from './keep-facts.ts'

/** A request of a form; what tells it apart from others is all that they may differ in. */
export function requestOf(
  caller: Caller,
  { filter, search }: Pick<AggregateParameters, 'filter' | 'search'>,
  values: readonly string[],
): AggregateInput {
  return { caller, binding: keyOf(filter, search), values, ...(search === undefined ? {} : { search }) }
}

/** `{items}`: results over the records that the caller may list, in groups. */
export async function aggregateRecords(
  collection: Collection,
  sender: Caller,
  input: AggregateParameters,
): Promise<{ readonly body: string }> {
  const { form, values } = collection.aggregates().aggregate(input)
  const body = await form.submit(requestOf(keepFacts(collection, sender), input, values))
  return { body }
}
