import { didYouMean } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { isWritable } from '../validate/index.ts'

/** The fields of the unique key that `email` or `owner,slug` names; 400 where there is none. */
export function parseKey(model: CollectionModel, by: string): readonly FieldModel[] {
  const names = by.split(',').map((name) => name.trim())
  const keys = keysOf(model)
  const found = keys.find((key) => key.length === names.length && key.every(({ name }) => names.includes(name)))
  if (found !== undefined) return found
  const known = keys.map((key) => key.map(({ name }) => name).join())
  const there =
    known.length === 0 ? 'there is none' : `there ${known.length === 1 ? 'is' : 'are'} ${known.join(' and ')}`
  const meant = didYouMean(by.slice(0, 100), known)
  throw new Problem('invalid_parameter', `'by' must name a unique key of '${model.name}'; ${there}.${meant}`)
}

/** The keys that hold for every record, and whose fields are sent with it, or are the caller. */
export function keysOf(model: CollectionModel): readonly (readonly FieldModel[])[] {
  const declared = model.unique.filter(({ where }) => where === undefined).map(({ fields }) => fields)
  return [['id'], ...declared].flatMap((names) => {
    const fields = names.map((name) => model.fields.get(name)).filter((field) => field !== undefined)
    return fields.length === names.length && fields.every(isUsable) ? [fields] : []
  })
}

function isUsable(field: FieldModel): boolean {
  return !field.hidden && (isWritable(field) || field.owner)
}
