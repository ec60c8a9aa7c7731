/** Records of one transaction. */
const MOST_RECORDS = 1000
const MOST_BYTES = 2 ** 21

/** Items in parts that are worth a statement, and no larger, whatever they come in. `size` is in bytes. */
export async function* chunksOf<Item extends { readonly size: number }>(
  items: AsyncIterable<readonly Item[]>,
): AsyncGenerator<readonly Item[], void, undefined> {
  let chunk: Item[] = []
  let bytes = 0
  for await (const some of items) {
    for (const item of some) {
      chunk.push(item)
      bytes += item.size
      if (chunk.length < MOST_RECORDS && bytes < MOST_BYTES) continue
      yield chunk
      chunk = []
      bytes = 0
    }
  }
  if (chunk.length > 0) yield chunk
}
