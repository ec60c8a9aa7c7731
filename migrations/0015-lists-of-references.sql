-- Lists of references: a column of the record has the ids in their order, a table of entries has them as rows with foreign keys.
-- Whichever is written, by whomever, the other follows before the statement is over.

create function roadbase.write_list() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  -- The list as its entries make it, where the column has it otherwise: ids in capitals, numbers as texts.
  list jsonb;
begin
  if tg_op = 'INSERT' then
    execute format(
      'with added as (insert into %1$I.%2$I (owner, position, target) '
      '  select ($1).id, e.n - 1, (e.v #>> ''{}'')::%4$s from jsonb_array_elements(($1).%3$I) with ordinality e(v, n) '
      '  returning position, target) '
      'select nullif(jsonb_agg(a.target order by a.position), ($1).%3$I) from added a',
      tg_table_schema, tg_argv[0], tg_argv[1], tg_argv[2]) into list using new;
  else
    -- One statement, so that what follows it sees all of it.
    execute format(
      'with wanted as materialized (select (e.n - 1)::integer as position, (e.v #>> ''{}'')::%4$s as target '
      '  from jsonb_array_elements(($1).%3$I) with ordinality e(v, n)), '
      'gone as (delete from %1$I.%2$I j where j.owner = ($1).id and j.position >= jsonb_array_length(($1).%3$I)), '
      'changed as (update %1$I.%2$I j set target = w.target from wanted w '
      '  where j.owner = ($1).id and j.position = w.position and j.target is distinct from w.target), '
      'added as (insert into %1$I.%2$I (owner, position, target) select ($1).id, w.position, w.target from wanted w '
      '  where not exists (select from %1$I.%2$I j where j.owner = ($1).id and j.position = w.position)) '
      'select nullif(coalesce(jsonb_agg(w.target order by w.position), ''[]''), ($1).%3$I) from wanted w',
      tg_table_schema, tg_argv[0], tg_argv[1], tg_argv[2]) into list using new;
  end if;
  if list is not null then
    execute format('update %I.%I set %3$I = $1 where id = ($2).id and %3$I <> $1',
      tg_table_schema, tg_table_name, tg_argv[1]) using list, new;
  end if;
  return null;
end
$$;
comment on function roadbase.write_list() is
  'AFTER INSERT OR UPDATE of a record, arguments: table of the entries, column of the list, type of its ids. Writes the entries '
  'that the column has, at positions from 0 without gaps.';

create function roadbase.follow_list() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  owners text := 'select c.owner from changed c';
  list text;
  differs boolean;
begin
  if tg_op = 'TRUNCATE' then
    execute format('update %I.%I set %3$I = ''[]'' where %3$I <> ''[]''', tg_table_schema, tg_argv[0], tg_argv[1]);
    return null;
  end if;
  -- The other kinds of changes of the same statement, and those of nothing.
  perform from changed limit 1;
  if not found then
    return null;
  end if;
  if tg_op = 'UPDATE' then
    owners := owners || ' union select g.owner from gone g';
  end if;
  list := format(
    '(select coalesce(jsonb_agg(j.target order by j.position), ''[]'') from %I.%I j where j.owner = o.id)',
    tg_table_schema, tg_table_name);
  execute format('select exists (select from %I.%I o where o.id in (%s) and o.%I is distinct from %s)',
    tg_table_schema, tg_argv[0], owners, tg_argv[1], list) into differs;
  -- So it is when the entries were written because the column was.
  if not differs then
    return null;
  end if;
  -- First the records, each for itself, then a look at all entries: what another transaction has added meanwhile is among them.
  execute format('select from %I.%I o where o.id in (%s) order by o.id for no key update',
    tg_table_schema, tg_argv[0], owners);
  execute format('update %I.%I o set %4$I = %5$s where o.id in (%3$s) and o.%4$I is distinct from %5$s',
    tg_table_schema, tg_argv[0], owners, tg_argv[1], list);
  return null;
end
$$;
comment on function roadbase.follow_list() is
  'AFTER INSERT, UPDATE, DELETE or TRUNCATE of entries, for each statement, with transition tables changed and, of an update, gone; '
  'arguments: table of the records, column of the list. Gives the records the list that the entries make, as a change of the record.';

revoke all on function roadbase.write_list(), roadbase.follow_list() from public;
