/** Names that a collection or a field can not have, each with the reason that the author is told. */

/** Paths of the system under `/api/{app}/`, from the HTTP contract. Later ones start with `-`. */
const SYSTEM_ROUTES = words(
  'actions auth batch channels docs files graphql jobs me openapi.json realtime routes search types',
)

/** Every reserved key word of PostgreSQL 15 to 18 (`pg_get_keywords()`, catcode R and T), and the columns each table has. */
const POSTGRES = words(`
  all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
  from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with
  tableoid xmin cmin xmax cmax ctid`)

/** The reserved words of the CEL specification. */
const CEL = words(`
  as break const continue else false for function if import in let loop namespace null package return true var void while`)

/** In a client's filter a field is a bare name, beside these; and related records sit under `expand`. */
const VARIABLES = words('auth now expand')

/** What every record has already. */
const SYSTEM_FIELDS = words('id createdAt updatedAt version')

/** Why a collection may not have this name; undefined when it may. */
export function reservedCollection(name: string, column: string): string | undefined {
  if (SYSTEM_ROUTES.has(name)) return `'${name}' is a path of the system`
  return reservedAnywhere(name, column)
}

/** Why a field may not have this name; undefined when it may. */
export function reservedField(name: string, column: string): string | undefined {
  if (SYSTEM_FIELDS.has(name)) return `every record has '${name}' already`
  if (VARIABLES.has(name)) return `'${name}' has a meaning of its own beside the fields`
  return reservedAnywhere(name, column)
}

/** Why a transition may not have this name. It is no name in SQL or CEL, so `return` is one that it may have. */
export function reservedTransition(name: string): string | undefined {
  return reservedInObjects(name)
}

function reservedAnywhere(name: string, column: string): string | undefined {
  if (POSTGRES.has(column)) return `'${column}' is a reserved word of PostgreSQL`
  if (CEL.has(name)) return `'${name}' is a reserved word of CEL`
  return reservedInObjects(name)
}

function reservedInObjects(name: string): string | undefined {
  // `constructor`, `toString`: a record is a JavaScript object in clients.
  if (name in Object.prototype) return `'${name}' is a property of every JavaScript object`
  return undefined
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''))
}
