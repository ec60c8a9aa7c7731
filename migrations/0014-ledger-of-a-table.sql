-- Says whose entries do not add up by schema and table, as constraints do: a transaction may have written to several ledgers.
create or replace function roadbase.check_ledger() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  difference numeric;
  app__      name;
  table__    name;
begin
  delete from roadbase.ledger_groups where xact = new.xact and relation = new.relation and digest = new.digest;
  execute 'select coalesce(sum(' || new.total || '::numeric), 0) from ' || new.relation::regclass || ' where ' || new.condition
    into difference;
  if difference <> 0 then
    select n.nspname, c.relname into app__, table__
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = new.relation;
    raise exception 'entries of "%" do not add up to zero', table__
      using errcode = 'RB004', detail = difference::text, schema = app__, table = table__;
  end if;
  return null;
end
$$;
