/** The attack on each keyword; none on what holds nothing together. */
type Attacks = Readonly<Record<string, string | undefined>>

const values = Object.fromEntries(
  `type required minLength maxLength pattern enum const format minimum maximum multipleOf exclusiveMinimum exclusiveMaximum scale
   minItems maxItems uniqueItems items contains minContains maxContains prefixItems properties minProperties maxProperties dependentRequired
   additionalProperties patternProperties propertyNames allOf anyOf oneOf not if then else dependentSchemas of open`
    .split(/\s+/)
    .map((name) => [name, 'values']),
)

/** Of collections. */
export const COLLECTION_KEYWORDS: Attacks = {
  description: undefined,
  renamedFrom: undefined,
  schema: 'values',
  id: 'references',
  unique: 'one name',
  index: undefined,
  check: 'a range in two fields',
  exclude: 'two talks at a time',
  search: undefined,
  appendOnly: 'what is only added',
  ledger: 'books',
  rules: 'the rules of fields',
  fields: 'the rules of fields',
  states: 'states',
  history: 'bookings',
  view: 'views',
  materialized: 'views',
  storage: 'what memory holds',
  softDelete: 'the trash',
  expires: 'what vanishes',
}

/** Of fields, and of what is in them. */
export const FIELD_KEYWORDS: Attacks = {
  ...values,
  title: undefined,
  description: undefined,
  examples: undefined,
  $comment: undefined,
  renamedFrom: undefined,
  backfill: undefined,
  message: undefined,
  messages: undefined,
  $ref: 'references',
  onDelete: 'references',
  inverse: 'references',
  default: 'states',
  readonly: 'values',
  hidden: 'values',
  visible: 'values',
  immutable: 'what is set once',
  owner: 'owners',
  sequence: 'numbers without gaps',
  computed: 'orders',
}

/** The keywords that stand anywhere in the schema of a field. */
export function keywordsIn(schema: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return found
  for (const [name, value] of Object.entries(schema)) {
    found.add(name)
    if (NAMED.includes(name)) for (const inner of Object.values(value as object)) keywordsIn(inner, found)
    else if (NESTED.includes(name)) for (const inner of [value].flat()) keywordsIn(inner, found)
  }
  return found
}

const NAMED = ['properties', 'patternProperties', 'dependentSchemas']
const NESTED = 'additionalProperties propertyNames items prefixItems contains allOf anyOf oneOf not if then else'.split(
  ' ',
)
