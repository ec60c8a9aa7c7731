import { type Cast, castOf, type Kind } from './cast-values.ts'
import type { ColumnType } from './remains.ts'

/** A column of each kind, with the words of a document for it. */
export const samples: readonly (readonly [kind: Kind, written: string, column: ColumnType])[] = [
  ['text', 'text', { type: 'text collate "C"' }],
  ['uuid', '`uuid`', { type: 'uuid' }],
  ['timestamp', '`date-time`', { type: 'timestamptz(3)' }],
  ['date', '`date`', { type: 'date' }],
  ['time', '`time`', { type: 'time(3)' }],
  ['duration', '`duration`', { type: 'interval(3)' }],
  ['decimal', '`decimal`', { type: 'numeric(38,2)' }],
  ['whole', '`integer`, `int64`', { type: 'bigint' }],
  ['number', '`number`', { type: 'double precision' }],
  ['boolean', '`boolean`', { type: 'boolean' }],
  ['object', '`object`', { type: 'jsonb', json: 'object' }],
  ['list', '`array`', { type: 'jsonb', json: 'array' }],
]

/** Ranges become ranges only. */
export const rangeSamples: typeof samples = [
  ['dates', '`date`', { type: 'daterange' }],
  ['timestamps', '`date-time`', { type: 'tstzrange' }],
  ['wholes', '`integer`, `int64`', { type: 'int8range' }],
  ['decimals', '`decimal`', { type: 'numrange' }],
]

/** `docs/reference/type-changes.md`, from the table that the loader goes by. */
export function typeChangesPage(): string {
  return `# Type changes

Generated from the code. What becomes of the values that are there when a field gets another type. Every change rewrites the
records of the collection, so it needs consent; requests for the collection wait meanwhile.

${table(samples)}

- **exact**: every value has its counterpart, and comes back as it was when the type is changed back.
- **checked**: values without a counterpart forbid the change; the refusal says how many records have one.
- **lossy**: something of the values is lost. The former values stay hidden until they are purged: when the type is changed back, each
  value that nobody has changed since is again what it was.
- –: there is no way. Add a new field with a \`backfill\` that says what becomes of the values, and remove the old one in a later version.

Formats of text that have no column type of their own (\`email\`, \`uri\`, \`hostname\`, \`ip\`, \`enum\`) are text: between them nothing
is rewritten. A reference is of the type of the ids that it holds.

A decimal with a larger \`scale\` is **checked** (there may be no room left before the point), one with a smaller is **lossy** (it rounds).

A range becomes nothing but a range, and nothing else becomes one. Of what it is decides:

${table(rangeSamples)}

What is left open stays so. Where \`open\`, \`scale\` or the room of an \`integer\` does not allow a range that is there, it is counted, and forbids
the change.

## How values are written

- Texts are read as the API takes them: a whole number in digits, \`true\` and \`false\`, RFC 3339 dates (without a zone: UTC), JSON.
  A decimal of more digits than the field has is not cut, but counted as having no counterpart.
- What becomes text is written as the API shows it.
- Decimals and numbers become whole by rounding; numbers that have more digits than 53 bits hold are never guessed.
- \`boolean\` becomes 0 and 1; of numbers, only 0 and 1 become \`boolean\`.
- A \`date-time\` becomes its day, or its time of day, in UTC; a \`date\` becomes midnight in UTC.
- An object becomes a list of one; a list of one object becomes that object.
`
}

function table(all: typeof samples): string {
  const head = `| from ↓ to → | ${all.map(([, written]) => written).join(' | ')} |`
  const rows = all.map(
    ([, written, from]) => `| **${written}** | ${all.map(([, , to]) => cell(from, to)).join(' | ')} |`,
  )
  return [head, `|---|${all.map(() => '---|').join('')}`, ...rows].join('\n')
}

function cell(from: ColumnType, to: ColumnType): string {
  if (from === to) return ''
  const cast = castOf(from, to)
  return cast === undefined ? '–' : word(cast)
}

export function word({ checked, loses }: Pick<Cast, 'checked' | 'loses'>): string {
  const words = [checked ? 'checked' : '', loses === undefined ? '' : 'lossy'].filter(Boolean)
  return words.join(', ') || 'exact'
}
