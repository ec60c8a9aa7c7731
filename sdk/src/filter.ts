import { type FieldReference, pathOf } from './field-reference.ts'
import { literal } from './filter-literal.ts'
import { checkTemplate } from './filter-template.ts'

/** What may stand in a placeholder of {@link filter}. */
export type FilterValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Filter
  | FieldReference
  | readonly FilterValue[]

/** A filter expression (CEL). Only made by the functions of this file, so that no parsed JSON can pass for one. */
export class Filter {
  readonly #source: string

  /** @internal */
  constructor(source: string) {
    this.#source = source
  }

  /** The text of the expression, or undefined if the value is not a filter. */
  static sourceOf(value: unknown): string | undefined {
    return typeof value === 'object' && value !== null && #source in value ? value.#source : undefined
  }

  toString(): string {
    return this.#source
  }
}

/**
 * A filter from a template: ``filter`done == ${false} && title.startsWith(${prefix})` ``. Values become literals that
 * can not change what the expression means; filters can be nested, and fields of a collection be named, so that the compiler knows
 * them: ``filter`${books.fields.title}.contains(${word})` ``. The text between is CEL, taken as it is written.
 *
 * Throws a `TypeError` for a value that has no literal (`undefined`, `NaN`, objects), and for a placeholder where no
 * value can stand, such as inside quotes.
 */
export function filter(strings: TemplateStringsArray, ...values: readonly FilterValue[]): Filter {
  if (!Array.isArray(strings) || !Array.isArray(strings.raw)) {
    throw new TypeError('filter is a template tag: write filter`…`, or rawFilter(text) for a text you trust')
  }
  // Raw, so that an escape such as \n inside a CEL string reaches CEL as it was written.
  const parts = strings.raw
  checkTemplate(parts)
  const source = values.reduce<string>(
    (text, value, index) => place(text, value, parts[index + 1] ?? ''),
    parts[0] ?? '',
  )
  return new Filter(source.trim())
}

/** A plain string is refused although it could be sent: it is how values get into expressions unescaped. */
export function filterText(filter: Filter | undefined): string | undefined {
  if (filter === undefined) return undefined
  const source = Filter.sourceOf(filter)
  if (source === undefined) throw new TypeError('A filter is made with filter`…`, or with rawFilter(text)')
  return source
}

/** A filter from a text that is CEL already, as a user typed it. Never build such a text from values. */
export function rawFilter(source: string): Filter {
  checkTemplate([source])
  return new Filter(source.trim())
}

/** All of these must hold; holds itself if there are none. */
export function allOf(filters: Iterable<Filter>): Filter {
  return combine(filters, ' && ', 'true')
}

/** At least one of these must hold; does not hold if there are none. */
export function anyOf(filters: Iterable<Filter>): Filter {
  return combine(filters, ' || ', 'false')
}

function combine(filters: Iterable<Filter>, operator: string, none: string): Filter {
  const sources = Array.from(filters, write)
  return new Filter(sources.length === 0 ? none : sources.join(operator))
}

function place(before: string, value: FilterValue, after: string): string {
  const text = write(value)
  // `-5.abs()` would be read as `-(5.abs())`.
  const whole = text.startsWith('-') && /^\s*[.[]/.test(after) ? `(${text})` : text
  return before + gap(before.at(-1)) + whole + gap(after[0]) + after
}

/** A value never touches a character with which it could grow together: `r` and `"…"`, `1` and `.5`, `-` and `-5`. */
function gap(neighbour: string | undefined): string {
  return neighbour === undefined || /[\s()[\],]/.test(neighbour) ? '' : ' '
}

function write(value: FilterValue): string {
  const source = Filter.sourceOf(value)
  if (source !== undefined) return `(${source})`
  const path = pathOf(value)
  if (path !== undefined) return path
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`
  return literal(value)
}
