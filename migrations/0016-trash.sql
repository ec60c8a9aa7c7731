-- Records of collections with `softDelete` go to the trash of their collection, whoever deletes them.

create function roadbase.move_to_trash() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- As the columns of times are: what is deleted in one transaction has one time.
  deleted timestamptz(3) := now();
  cause uuid;
  actor text;
  is_gone boolean;
begin
  -- The table of the trash, and then of each reference that deletes this record: column, table, and that table's trash or ''.
  for i in 1 .. tg_nargs - 1 by 3 loop
    if tg_argv[i + 2] = '' then
      execute format('select ($1).%1$I is not null and not exists (select from %2$s as t where t.id = ($1).%1$I)',
        tg_argv[i], tg_argv[i + 1]) into is_gone using old;
      -- What it belonged to is gone for good, and so is this: it could never come back.
      if is_gone then
        return null;
      end if;
    elsif cause is null then
      execute format(
        'select t.deletion__id, t.deleted_by from %2$s as t where t.id = ($1).%1$I and t.deleted_at = $2 order by t.version desc limit 1',
        tg_argv[i], tg_argv[i + 2]) into cause, actor using old, deleted;
    end if;
  end loop;
  if cause is null then
    actor := nullif(current_setting('roadbase.deleted_by', true), '')::jsonb ->> old.id::text;
  end if;
  execute format('insert into %1$s select r.* from jsonb_populate_record(null::%1$s, $1) as r', tg_argv[0])
    using to_jsonb(old) || jsonb_build_object(
      'deleted_at', deleted,
      'deleted_by', actor,
      'deletion__id', coalesce(cause, roadbase.uuid_v7()),
      'deletion__root', cause is null);
  return null;
end
$$;
comment on function roadbase.move_to_trash() is
  'Keeps a deleted row in the trash of its table: with what it was deleted with, when, and by whom. `roadbase.deleted_by` holds users by id.';
revoke all on function roadbase.move_to_trash() from public;
