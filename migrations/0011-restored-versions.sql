-- An import of administrators brings records back with the versions that they had. Those of chosen ids come from a sequence, which then
-- keeps what it is given, and goes on behind it: far enough that numbers taken at the same moment lie before it, too.
create or replace function roadbase.touch_from_sequence() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  next bigint;
begin
  if tg_op = 'INSERT' then
    perform pg_advisory_xact_lock(hashtextextended(new.id::text, tg_relid::bigint));
    -- Waits for a delete and for nothing else; a record that stays makes the insert a conflict.
    execute format('select from %I.%I where id = $1 for key share', tg_table_schema, tg_table_name) using new.id;
  end if;
  next := nextval(tg_argv[0]::regclass);
  if tg_op = 'INSERT' and new.version is not null and current_setting('roadbase.restoring', true) = 'on' then
    if new.version >= next then
      perform setval(tg_argv[0]::regclass, new.version + 1000);
    end if;
    return new;
  end if;
  new.version := next;
  if tg_op = 'UPDATE' then
    new.updated_at := greatest(now(), old.updated_at);
  end if;
  return new;
end
$$;
