/** How compiled JavaScript finds other records, in their JSON shape. */
export interface JsWorld {
  get(collection: string, id: unknown): Readonly<Record<string, unknown>> | undefined
  all(collection: string): Iterable<Readonly<Record<string, unknown>>>
}
