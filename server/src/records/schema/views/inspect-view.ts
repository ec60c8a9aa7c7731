import type { Sql } from '../../../db/database.ts'
import { plainColumns } from './plain-columns.ts'

/** A column as PostgreSQL describes it. */
export interface ViewColumn {
  readonly name: string
  /** The type's name in `pg_type`, `_` before that of an array: `int8`, `_text`. */
  readonly type: string
  /** As SQL writes it, for people. */
  readonly shown: string
  /** Digits after the point of a decimal, where its type says. */
  readonly scale?: number
  /** The column of a collection, or of another view, that it is and nothing else. */
  readonly of?: { readonly table: string; readonly column: string }
}

/** Why a view can not be. */
export interface ViewFault {
  readonly message: string
  /** Into its SQL. */
  readonly offset?: number
  readonly suggestion?: string
  /** The relation that is not there. */
  readonly missing?: string
}

export interface Inspected {
  readonly columns: readonly ViewColumn[]
  /** As PostgreSQL writes it: without `*`, so that it stays what it is. */
  readonly query: string
  readonly reads: readonly string[]
  /** Whole rows are among what it computes with: `to_jsonb(m)`. */
  readonly hasRows: boolean
  /** The relations of which it reads the marker. */
  readonly starred: readonly string[]
  /** Names of what views can not have. */
  readonly forbidden: Pick<Facts, 'functions' | 'types'>
  readonly fault: ViewFault | undefined
}

interface Question {
  readonly schemas: ReadonlySet<string>
  /** What it may read, as SQL has it. */
  readonly readable: ReadonlySet<string>
  /** As the document has it. */
  readonly text: string
  /** The column that nobody can name. */
  readonly marker: string
}

/**
 * What a view reads and calls, from what PostgreSQL has made of it: names are resolved there, so no alias, search path, comment or quote
 * makes one thing look like another.
 */
export async function inspectView(
  sql: Sql,
  view: string,
  { schemas, readable, text, marker }: Question,
): Promise<Inspected> {
  const [row] = await sql.once<{ tree: string; query: string; facts: string }>(FACTS, [view, marker])
  if (row === undefined) throw new Error(`There is no view ${view}`)
  const { relations, functions, types, columns, starred } = JSON.parse(row.facts) as Facts
  const names = new Map(relations.map(({ oid, name }) => [oid, name]))
  const origins = plainColumns(row.tree)
  const foreign = relations.find((one) => !schemas.has(one.schema) || !readable.has(one.name))
  return {
    columns: columns.map(({ position, name, type, shown, modifier }): ViewColumn => {
      const plain = origins.get(position)
      const table = plain && names.get(plain.relation)
      const column = plain && relations.find(({ oid }) => oid === plain.relation)?.columns[plain.column]
      return {
        ...{ name, type, shown },
        ...(type === 'numeric' && modifier >= 4 ? { scale: scaleOf(modifier) } : {}),
        ...(table === undefined || column === undefined ? {} : { of: { table, column } }),
      }
    }),
    query: row.query.replace(/;\s*$/, ''),
    forbidden: { functions, types },
    reads: [...new Set(relations.map(({ name }) => name))].sort(),
    hasRows: /\{VAR :varno -?\d+ :varattno 0 /.test(row.tree),
    starred,
    fault:
      (foreign === undefined ? undefined : notReadable(foreign, schemas, text)) ??
      (functions[0] === undefined ? undefined : notCallable(functions[0], text)) ??
      notATable(row.tree, types[0]),
  }
}

interface Facts {
  readonly relations: readonly {
    readonly oid: number
    readonly schema: string
    readonly name: string
    /** Names by number. */
    readonly columns: Readonly<Record<string, string>>
  }[]
  readonly starred: readonly string[]
  /** Names of those that are not for views. */
  readonly functions: readonly string[]
  readonly types: readonly string[]
  readonly columns: readonly {
    readonly position: number
    readonly name: string
    readonly type: string
    readonly shown: string
    readonly modifier: number
  }[]
}

function notReadable(
  { schema, name }: { schema: string; name: string },
  own: ReadonlySet<string>,
  text: string,
): ViewFault {
  const written = own.has(schema) ? name.replace(/__raw$/, '') : name
  const message = `'${own.has(schema) ? written : `${schema}.${name}`}' is no collection of this app`
  return placed(message, text, new RegExp(`\\b${written}\\b`, 'i'))
}

function notCallable(name: string, text: string): ViewFault {
  const message = `a view can not call '${name}': only functions that compute something from what they are given`
  return placed(message, text, new RegExp(`\\b${name}\\b`, 'i'))
}

function notATable(tree: string, type: string | undefined): ViewFault | undefined {
  if (tree.includes(':hasForUpdate true')) return { message: 'a view locks nothing: leave out `for update`' }
  if (/\{SQLVALUEFUNCTION :op \d+ :type 19 /.test(tree)) {
    return { message: 'a view can not ask who is connected: to it, everybody is the server' }
  }
  if (tree.includes('{XMLEXPR ') || type === 'xml') return { message: 'a view can not make XML' }
  return type === undefined ? undefined : { message: `a view can not use the type '${type}'` }
}

function placed(message: string, text: string, name: RegExp): ViewFault {
  const offset = text.search(name)
  return offset < 0 ? { message } : { message, offset }
}

/** As `numeric(p, s)` has it in its modifier: eleven bits, the first of which is the sign. */
function scaleOf(modifier: number): number {
  const bits = (modifier - 4) & 0x7ff
  return bits > 1023 ? 0 : bits
}

/**
 * Functions that PostgreSQL marks as stable read the database or the session. These read the clock, the zone (which is UTC here), or nothing of
 * the kind.
 */
const STABLE = [
  ...[
    'age',
    'concat',
    'concat_ws',
    'date',
    'date_add',
    'date_part',
    'date_subtract',
    'date_trunc',
    'extract',
    'format',
  ],
  ...['generate_series', 'length', 'make_timestamptz', 'now', 'overlaps', 'time', 'timestamp', 'timestamptz'],
  ...['timezone', 'to_char', 'to_date', 'to_number', 'to_timestamp', 'transaction_timestamp'],
  ...['array_to_json', 'array_to_string', 'json_agg', 'json_agg_strict', 'json_build_array', 'json_build_object'],
  ...['json_object_agg', 'json_object_agg_strict', 'jsonb_agg', 'jsonb_agg_strict', 'jsonb_build_array'],
  ...['jsonb_build_object', 'jsonb_object_agg', 'jsonb_object_agg_strict', 'jsonb_path_exists_tz'],
  ...['jsonb_path_match_tz', 'jsonb_path_query_array_tz', 'jsonb_path_query_first_tz', 'jsonb_path_query_tz'],
  ...['row_to_json', 'to_json', 'to_jsonb', 'to_tsquery', 'to_tsvector', 'plainto_tsquery', 'phraseto_tsquery'],
  ...['websearch_to_tsquery', 'ts_headline', 'ts_rank'],
]

/**
 * A function that always gives the same for the same is harmless; of the stable ones the list above, and what operators and casts stand for.
 * Whatever is not PostgreSQL's own, or changes something, waits, reads files, settings or catalogues, or takes SQL as text, is none of these.
 */
const FACTS = `
  with view as materialized (select to_regclass($1) as oid),
  rule as (select ev_action::text as tree from pg_catalog.pg_rewrite, view where ev_class = view.oid),
  called as (
    select distinct (found[1])::oid as oid from rule,
      regexp_matches(tree, ':(?:funcid|opfuncid|hashfuncid|negfuncid|aggfnoid|winfnoid) (\\d+)', 'g') found),
  typed as (
    select distinct (found[1])::oid as oid from rule, regexp_matches(tree, ':\\w*type(?:id)? (\\d+)', 'g') found),
  read as (
    select distinct (found[1])::oid as oid from rule, regexp_matches(tree, ':relid ([1-9]\\d*)', 'g') found)
  select tree, pg_get_viewdef(view.oid) as query, json_build_object(
    'relations', (select coalesce(json_agg(json_build_object(
        'oid', r.oid::bigint, 'schema', n.nspname, 'name', r.relname,
        'columns', (select json_object_agg(attnum, attname) from pg_catalog.pg_attribute where attrelid = r.oid and attnum > 0)
      ) order by n.nspname, r.relname), '[]')
      from view, read join pg_catalog.pg_class r using (oid) join pg_catalog.pg_namespace n on n.oid = r.relnamespace where r.oid <> view.oid),
    'starred', (select coalesce(json_agg(distinct r.relname), '[]') from view join pg_catalog.pg_rewrite w on w.ev_class = view.oid
      join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
        and d.refclassid = 'pg_catalog.pg_class'::regclass
      join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and a.attname = $2
      join pg_catalog.pg_class r on r.oid = d.refobjid),
    'functions', (select coalesce(json_agg(p.proname order by p.proname), '[]') from called join pg_catalog.pg_proc p using (oid)
      where not (p.pronamespace = 'pg_catalog'::regnamespace and p.proname !~ '^(pg_|xml|makeaclitem)' and (
        p.provolatile = 'i' or p.provolatile = 's' and (
          p.proname in (${STABLE.map((name) => `'${name}'`).join(', ')})
          or p.oid in (select oprcode from pg_catalog.pg_operator where oprnamespace = 'pg_catalog'::regnamespace)
          or p.oid in (select castfunc from pg_catalog.pg_cast))))),
    'types', (select coalesce(json_agg(t.typname order by t.typname), '[]') from typed join pg_catalog.pg_type t using (oid)
      where t.typname ~ '^_?reg' and t.typname not in ('regconfig', '_regconfig') or t.typname in ('xml', '_xml')),
    'columns', (select coalesce(json_agg(json_build_object('position', attnum, 'name', attname, 'type', t.typname,
        'shown', format_type(atttypid, atttypmod), 'modifier', atttypmod) order by attnum), '[]')
      from pg_catalog.pg_attribute join pg_catalog.pg_type t on t.oid = atttypid where attrelid = view.oid and attnum > 0)
  )::text as facts
  from rule, view`
