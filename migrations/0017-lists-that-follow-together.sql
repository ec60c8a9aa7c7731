-- What is taken out of the lists of many records is written for all of them at once: each is a change of its own record, but the
-- statements that write entries are planned once. Deleting a record that stands in 2,000 lists took seconds.

create or replace function roadbase.write_list() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  -- The list as its entries make it, where the column has it otherwise: ids in capitals, numbers as texts.
  list jsonb;
  is_done boolean;
begin
  -- Beneath another trigger it may be that the entries made the list. To look costs a fraction of writing them.
  if tg_op = 'UPDATE' and pg_trigger_depth() > 1 then
    execute format('select ($1).%3$I = coalesce(jsonb_agg(j.target order by j.position), ''[]'') from %1$I.%2$I j where j.owner = ($1).id',
      tg_table_schema, tg_argv[0], tg_argv[1]) into is_done using new;
    if is_done then
      return null;
    end if;
  end if;
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

create or replace function roadbase.follow_list() returns trigger
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
  -- One statement for all of them: positions without gaps, and the lists that they make.
  execute format(
    'with owned as materialized (select o.id from %1$I.%2$I o where o.id in (%3$s) and o.%4$I is distinct from %5$s), '
    'wanted as materialized (select j.owner, (row_number() over (partition by j.owner order by j.position) - 1)::integer as position, j.target '
    '  from %1$I.%6$I j where j.owner in (select w.id from owned w)), '
    'made as materialized (select w.id, count(e.owner) as length, '
    '  coalesce(jsonb_agg(e.target order by e.position) filter (where e.owner is not null), ''[]'') as list '
    '  from owned w left join wanted e on e.owner = w.id group by w.id), '
    'gone as (delete from %1$I.%6$I j using made m where j.owner = m.id and j.position >= m.length), '
    'changed as (update %1$I.%6$I j set target = e.target from wanted e '
    '  where j.owner = e.owner and j.position = e.position and j.target is distinct from e.target), '
    'added as (insert into %1$I.%6$I (owner, position, target) select e.owner, e.position, e.target from wanted e '
    '  where not exists (select from %1$I.%6$I j where j.owner = e.owner and j.position = e.position)) '
    'update %1$I.%2$I o set %4$I = m.list from made m where o.id = m.id',
    tg_table_schema, tg_argv[0], owners, tg_argv[1], list, tg_table_name);
  return null;
end
$$;
