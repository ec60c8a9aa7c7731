import { fieldType, rangeTypes } from '../../expr/index.ts'
import { FORMAT_KEYWORDS, KIND_KEYWORDS } from './keywords.ts'

/** `docs/reference/field-types.md`, from the tables that the code itself goes by. */
export function fieldTypesPage(): string {
  return `# Field types

Generated from the code. One table says what each schema is in PostgreSQL, in expressions (CEL), in JSON and in TypeScript.

| schema | PostgreSQL | CEL | JSON | TypeScript | keywords |
|---|---|---|---|---|---|
${rows().map(row).join('\n')}

- A field that is not in \`required\` may be absent, which is the same as \`null\`.
- Texts compare by code point (\`collate "C"\`), in the database as in expressions.
- Values come back in one form, whatever form they were sent in: ${FORMS}
- A range is half open: \`from\` is in it, \`until\` is not, and something lies between them. \`open: until\` (\`from\`, \`both\`) lets an end be
  absent, which is told as null; one end is always there. Ranges are fields of their own, not parts of objects and arrays.
- Inside objects and arrays the same keywords hold, and \`allOf\`, \`anyOf\`, \`oneOf\`, \`not\`, \`if\`/\`then\`/\`else\`,
  \`dependentSchemas\`; values there are stored as they are sent. An object with \`properties\` has no other keys, unless
  \`additionalProperties\` says so.
- \`pattern\` is RE2: linear in time, without look-around and back references.

## What the database holds too

The API checks everything. The database checks again, for every writer, what it can check cheaply or alone:
types, \`required\`, references, \`unique\`, \`check\`, \`immutable\`, the values of an \`enum\`, bounds of numbers, decimals and int64,
that ranges are half open, not empty and have ends that the field can have, and \`minItems\`/\`maxItems\` (all of which atomic operators could break). Lengths, patterns and formats of texts, \`multipleOf\` and the inside of objects
and arrays are checked by the API only.
`
}

const FORMS =
  'a UUID in lower case; a date-time in UTC with milliseconds (more digits are rounded, a leap second is the next second); a time with seconds; ' +
  'a duration as PostgreSQL writes it (`PT90M` is `PT1H30M`, `P2W` is `P14D`); a decimal with exactly `scale` digits after the point.'

interface Row {
  readonly written: string
  readonly schema: Readonly<Record<string, unknown>>
  readonly keywords: readonly string[]
}

function rows(): Row[] {
  const formats = Object.entries(FORMAT_KEYWORDS).map(([format, keywords]) => ({
    written: `{type: string, format: ${format}}`,
    schema: { type: 'string', format },
    keywords,
  }))
  const ranges = Object.keys(rangeTypes).map((of) => ({
    written: `{type: range, of: ${of}}`,
    schema: { type: 'range', of },
    keywords: of === 'decimal' ? ['open', 'scale'] : ['open'],
  }))
  const kinds = (['integer', 'number', 'boolean', 'object', 'array'] as const).map((type) => ({
    written: `{type: ${type}}`,
    schema: { type },
    keywords: KIND_KEYWORDS[type],
  }))
  return [
    { written: '{type: string}', schema: { type: 'string' }, keywords: ['minLength', 'maxLength', 'pattern'] },
    { written: '{enum: [a, b]}', schema: { type: 'string', enum: ['a', 'b'] }, keywords: [] },
    ...formats,
    ...kinds,
    ...ranges,
    { written: '{$ref: users}', schema: { $ref: 'users' }, keywords: ['onDelete', 'visible', 'owner'] },
  ]
}

function row({ written, schema, keywords }: Row): string {
  const type = fieldType(schema)
  const cel =
    type.cel.kind === 'record' ? 'record of `users`' : 'of' in type.cel ? `range of ${type.cel.of}` : type.cel.kind
  const json = type.json === 'json' ? 'as it is' : type.json
  const cells = [code(written), code(type.pg), cel, json, code(type.ts), keywords.map(code).join(', ')]
  // A bar inside a cell would end it.
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}
