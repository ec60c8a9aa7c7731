import type { CollectionModel } from '../model.ts'

/** Whether no two records, whichever they are, have the same values in these fields. */
export function isKey(model: CollectionModel, names: readonly string[]): boolean {
  if (names.length === 1 && names[0] === 'id') return true
  return keys(model).some((fields) => fields.length === names.length && fields.every((name) => names.includes(name)))
}

/** The keys that somebody may know, for people: `id`, `email`, `year,number`. */
export function keysOf(model: CollectionModel): string[] {
  const visible = keys(model).filter((fields) => fields.every((name) => model.fields.get(name)?.hidden !== true))
  return ['id', ...visible.map((fields) => fields.join(','))]
}

function keys(model: CollectionModel): (readonly string[])[] {
  return model.unique.filter(({ where }) => where === undefined).map(({ fields }) => fields)
}
