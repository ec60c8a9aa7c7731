import type { Sql } from './database.ts'

/**
 * The definition of everything in a schema as text, sorted by kind and name, without what differs between servers of
 * the same schema (ids, owners). For golden files and comparisons; there is no `pg_dump` beside the embedded PostgreSQL.
 */
export async function dumpSchema(sql: Sql, schema: string): Promise<string> {
  const sections: string[] = []
  for (const [title, statement] of Object.entries(SECTIONS)) {
    const rows = await sql.once<{ definition: string }>(statement, [schema])
    const definitions = rows.map(({ definition }) => definition).toSorted()
    if (definitions.length > 0) sections.push(`-- ${title}\n${definitions.join('\n')}\n`)
  }
  return sections.join('\n')
}

const inSchema = `(select oid from pg_catalog.pg_namespace where nspname = $1::text)`

const SECTIONS = {
  tables: `
    select format(E'%s %s.%s (\\n%s\\n);',
      case relpersistence when 'u' then 'unlogged table' else 'table' end, $1::text, relname,
      (select string_agg(
         format('  %s %s%s%s%s', attname, format_type(atttypid, atttypmod),
           case when attcollation <> typcollation then ' collate ' || attcollation::regcollation else '' end,
           case when attnotnull then ' not null' else '' end,
           coalesce(' default ' || pg_get_expr(adbin, adrelid), '')),
         E',\\n' order by attnum)
       from pg_catalog.pg_attribute
       join pg_catalog.pg_type on pg_type.oid = atttypid
       left join pg_catalog.pg_attrdef on adrelid = attrelid and adnum = attnum
       where attrelid = pg_class.oid and attnum > 0 and not attisdropped)) as definition
    from pg_catalog.pg_class
    where relnamespace = ${inSchema} and relkind in ('r', 'p')`,

  // From 18 on NOT NULL is a constraint as well; before, it is a property of the column, as it is shown above.
  constraints: `
    select format('%s: %s %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) as definition
    from pg_catalog.pg_constraint
    where connamespace = ${inSchema} and conrelid <> 0 and contype <> 'n'`,

  indexes: `
    select pg_get_indexdef(indexrelid) || ';' as definition
    from pg_catalog.pg_index
    join pg_catalog.pg_class on pg_class.oid = indexrelid
    where relnamespace = ${inSchema}
      and not exists (select from pg_catalog.pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))`,

  sequences: `
    select format('sequence %s.%s as %s;', $1::text, relname, seqtypid::regtype) as definition
    from pg_catalog.pg_sequence
    join pg_catalog.pg_class on pg_class.oid = seqrelid
    where relnamespace = ${inSchema}`,

  views: `
    select format(E'view %s.%s as\\n%s', $1::text, relname, pg_get_viewdef(oid)) as definition
    from pg_catalog.pg_class
    where relnamespace = ${inSchema} and relkind in ('v', 'm')`,

  functions: `
    select rtrim(pg_get_functiondef(oid), E'\\n') || ';' as definition
    from pg_catalog.pg_proc
    where pronamespace = ${inSchema}`,

  triggers: `
    select pg_get_triggerdef(pg_trigger.oid) || ';' as definition
    from pg_catalog.pg_trigger
    join pg_catalog.pg_class on pg_class.oid = tgrelid
    where relnamespace = ${inSchema} and not tgisinternal`,

  comments: `
    select format('%s: %s', pg_describe_object(classoid, objoid, objsubid), description) as definition
    from pg_catalog.pg_description
    where (classoid = 'pg_catalog.pg_class'::regclass
           and objoid in (select oid from pg_catalog.pg_class where relnamespace = ${inSchema}))
       or (classoid = 'pg_catalog.pg_proc'::regclass
           and objoid in (select oid from pg_catalog.pg_proc where pronamespace = ${inSchema}))`,

  'granted to others than the owner': `
    with granted as (
      select 'schema' as kind, nspname as name, nspowner as owner, acl.*
      from pg_catalog.pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) as acl where nspname = $1::text
      union all
      select 'relation', relname, relowner, acl.*
      from pg_catalog.pg_class,
        aclexplode(coalesce(relacl, acldefault((case relkind when 'S' then 's' else 'r' end)::"char", relowner))) as acl
      where relnamespace = ${inSchema} and relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select 'function', proname, proowner, acl.*
      from pg_catalog.pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) as acl
      where pronamespace = ${inSchema}
    )
    select format('%s %s: %s to %s', kind, name, privilege_type,
      case grantee when 0 then 'PUBLIC' else grantee::regrole::text end) as definition
    from granted where grantee <> owner`,
} as const
