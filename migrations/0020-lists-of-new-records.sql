-- The entries of new records are written for all of a statement at once: an import of 4,000 records with lists took seconds, each of
-- them some statements that PostgreSQL planned for it alone.

create function roadbase.write_lists() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  has_entries boolean;
begin
  -- Lists are often empty, and this costs a fraction of planning the rest.
  execute format('select exists (select from added a where a.%I <> ''[]'')', tg_argv[1]) into has_entries;
  if not has_entries then
    return null;
  end if;
  -- Where the column has its ids otherwise than the entries (in capitals, numbers as texts), it gets those of the entries.
  execute format(
    'with written as (insert into %1$I.%2$I (owner, position, target) '
    '  select a.id, e.n - 1, (e.v #>> ''{}'')::%5$s from added a, jsonb_array_elements(a.%4$I) with ordinality e(v, n) '
    '  returning owner, position, target), '
    'made as (select w.owner, jsonb_agg(w.target order by w.position) as list from written w group by w.owner), '
    'differing as materialized (select m.owner, m.list from made m join added a on a.id = m.owner where m.list <> a.%4$I) '
    'update %1$I.%3$I o set %4$I = d.list from differing d where o.id = d.owner',
    tg_table_schema, tg_argv[0], tg_table_name, tg_argv[1], tg_argv[2]);
  return null;
end
$$;
comment on function roadbase.write_lists() is
  'AFTER INSERT of records, for each statement, with the transition table added; arguments: table of the entries, column of the list, '
  'type of its ids. Writes the entries that the column has, at positions from 0 without gaps.';
revoke all on function roadbase.write_lists() from public;
