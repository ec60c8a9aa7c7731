import { type FilterTemplate, filterTemplate } from './filter.ts'
import { type ExpandNode, type Located, parseExpand } from './parse-expand.ts'

/** `expand` taken apart: what makes the statement, and the values that are sent with it. */
export interface ExpandTemplate {
  /** Equal for what differs in values, spaces and order only. */
  readonly key: string
  readonly relations: readonly RelationTemplate[]
  /** Of all its filters, in the order of the relations. */
  readonly values: readonly string[]
}

export interface RelationTemplate {
  readonly name: string
  readonly at: number
  readonly filter?: FilterTemplate & { readonly at: number }
  readonly sort?: Located
  readonly limit?: Located
  readonly fields?: Located
  readonly expand: readonly RelationTemplate[]
}

const NOTHING: ExpandTemplate = { key: '', relations: [], values: [] }

/**
 * Without looking at the models: this runs for every request, what it means is found once per key. With `inPlace` the values stay in the
 * filters' texts, for those that have a type only so.
 */
export function expandTemplate(text: string | undefined, inPlace = false): ExpandTemplate {
  if (text === undefined) return NOTHING
  const values: string[] = []
  const relations = parseExpand(text).map((node) => toTemplate(node, inPlace, values))
  return { key: keyOf(relations), relations, values }
}

function toTemplate(node: ExpandNode, inPlace: boolean, values: string[]): RelationTemplate {
  const { filter, expand, ...rest } = node
  const template = filter === undefined ? undefined : inPlace ? untouched(filter.text) : filterTemplate(filter.text)
  values.push(...(template?.values ?? []))
  return {
    ...rest,
    ...(filter === undefined || template === undefined ? {} : { filter: { ...template, at: filter.at } }),
    expand: expand.map((inner) => toTemplate(inner, inPlace, values)),
  }
}

function untouched(source: string): FilterTemplate {
  return { key: source, source, parameters: [], values: [] }
}

/** Every text with its length before it, so that none can look like the end of it and something else. */
function keyOf(relations: readonly RelationTemplate[]): string {
  return relations
    .map(({ name, filter, sort, limit, fields, expand }) => {
      const options = [filter?.key, sort?.text, limit?.text, fields?.text].map((text) =>
        text === undefined ? '-' : `${text.length}:${text}`,
      )
      return `${name}(${options.join('')}${keyOf(expand)})`
    })
    .join()
}
