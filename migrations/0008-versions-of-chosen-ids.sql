-- A record with a chosen id that is deleted and made again must have a later version than the one before. The number was taken before the
-- insert waited for the delete of its predecessor, which may have been changed in between. So an insert first waits for whoever holds its
-- id, one insert of an id after the other, and takes its number then.
create or replace function roadbase.touch_from_sequence() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    perform pg_advisory_xact_lock(hashtextextended(new.id::text, tg_relid::bigint));
    -- Waits for a delete and for nothing else; a record that stays makes the insert a conflict.
    execute format('select from %I.%I where id = $1 for key share', tg_table_schema, tg_table_name) using new.id;
  end if;
  new.version := nextval(tg_argv[0]::regclass);
  if tg_op = 'UPDATE' then
    new.updated_at := greatest(now(), old.updated_at);
  end if;
  return new;
end
$$;
