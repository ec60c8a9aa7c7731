import { type Described, documentSchema } from './document-schema.ts'

type Schema = Readonly<Record<string, unknown>>

/** The reference page of the app document, made of the descriptions in its JSON Schema. */
export function documentReference(sections: readonly Described[]): string {
  const schema = documentSchema(sections)
  const required = new Set(schema['required'] as string[])
  const keys = Object.entries(propertiesOf(schema)).map(([key, value]) => keyPage(key, value, required.has(key)))
  return `${[INTRODUCTION, ...keys].join('\n\n')}\n`
}

const INTRODUCTION = `# App document

<!-- Generated from the code by \`npm run docs\`. -->

One folder per app, named like the app, with an \`app.yaml\` in it: YAML 1.2, checked as a whole before anything happens.
Unknown keys are errors. Editors complete and check the document with \`config/app.schema.json\`: write
\`# yaml-language-server: $schema=…/config/app.schema.json\` in the first line.`

function keyPage(key: string, schema: Schema, isRequired: boolean): string {
  const definitions = Object.entries((schema['$defs'] ?? {}) as Readonly<Record<string, Schema>>)
  return [
    `## \`${key}\``,
    [sentence(schema), isRequired ? 'Required.' : ''].filter(Boolean).join(' '),
    `${capital(typeOf(schema))}.${examplesOf(schema)}`,
    table(rows(schema, '')),
    ...definitions.flatMap(([name, definition]) => [
      `### \`${name}\``,
      sentence(definition),
      table(rows(definition, '')),
    ]),
  ]
    .filter(Boolean)
    .join('\n\n')
}

interface Row {
  readonly path: string
  readonly schema: Schema
}

/** Every key below, by its path; what has a definition of its own is only named. */
function rows(schema: Schema, prefix: string): readonly Row[] {
  const named = Object.entries(propertiesOf(schema)).flatMap(([key, value]) => [
    { path: `${prefix}${key}`, schema: value },
    ...rows(value, `${prefix}${key}.`),
  ])
  const more = schema['additionalProperties']
  const items = schema['items']
  return [
    ...named,
    ...(isSchema(more) && hasKeys(more) ? rows(more, `${prefix}<name>.`) : []),
    ...(isSchema(items) && hasKeys(items) ? rows(items, `${prefix.replace(/\.$/, '')}[].`) : []),
  ]
}

function table(all: readonly Row[]): string {
  if (all.length === 0) return ''
  const lines = all.map(({ path, schema }) => `| \`${path}\` | ${cell(typeOf(schema))} | ${cell(describe(schema))} |`)
  return ['| key | value | meaning |', '|---|---|---|', ...lines].join('\n')
}

function describe(schema: Schema): string {
  const preset = schema['default'] === undefined ? '' : ` Default: \`${JSON.stringify(schema['default'])}\`.`
  return `${sentence(schema)}${preset}`.trim()
}

function sentence(schema: Schema): string {
  return String(schema['description'] ?? '')
}

function examplesOf(schema: Schema): string {
  const examples = (schema['examples'] ?? []) as readonly unknown[]
  if (examples.length === 0) return ''
  return ` For example ${examples.map((example) => `\`${typeof example === 'string' ? example : JSON.stringify(example)}\``).join(', ')}.`
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'whole number',
  number: 'number',
  array: 'list',
  object: 'map',
  null: 'nothing',
}

function typeOf(schema: Schema): string {
  const reference = schema['$ref']
  if (typeof reference === 'string') return definitionLink(reference)
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `\`${value}\``).join(', ')
  if (schema['const'] !== undefined) return `\`${String(schema['const'])}\``
  if (schema['type'] === undefined) return 'anything'
  return [schema['type']]
    .flat()
    .map((type) => typeName(String(type), schema))
    .join(', ')
}

function typeName(type: string, schema: Schema): string {
  const inner = type === 'array' ? schema['items'] : type === 'object' ? schema['additionalProperties'] : undefined
  const name = words[type] ?? type
  if (!isSchema(inner) || hasKeys(inner) || inner['type'] === undefined) {
    return isSchema(inner) && typeof inner['$ref'] === 'string' ? `${name} of ${definitionLink(inner['$ref'])}` : name
  }
  return `${name} of ${typeOf(inner)}`
}

function definitionLink(reference: string): string {
  const name = reference.split('/').at(-1) ?? reference
  return `[${name}](#${name.toLowerCase()})`
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>
}

function hasKeys(schema: Schema): boolean {
  return Object.keys(propertiesOf(schema)).length > 0
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
