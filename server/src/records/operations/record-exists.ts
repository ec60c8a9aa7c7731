import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { keepFacts } from './keep-facts.ts'

/** Whether there is a record that the filter holds for, among those that the caller may list. */
export function recordExists(
  collection: Collection,
  sender: Caller,
  { filter }: { readonly filter?: string | undefined },
): Promise<boolean> {
  const { form, values } = collection.exists().of(filter)
  return form.submit({
    caller: keepFacts(collection, sender),
    binding: filter ?? '',
    values,
    expandValues: [],
    position: undefined,
  })
}
