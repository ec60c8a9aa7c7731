-- Records of collections with `expires`: a table has all rows, a view under the collection's own name those whose time has not come.
-- A row whose time has come is there for nobody, until somebody deletes it. All SQL in the arguments comes from the document's checks.

create function roadbase.free_expired() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format('delete from %I.%I as o where %s', tg_table_schema, tg_table_name, tg_argv[0]) using new;
  return new;
end
$$;
comment on function roadbase.free_expired() is
  'BEFORE INSERT OR UPDATE, argument: the condition, over the table `o` and the new row `$1`, of what has expired and is in its way.';

create function roadbase.refuse_expired() returns trigger
  language plpgsql as $$
begin
  raise exception 'column "%" would let the row expire at once', tg_argv[0]
    using errcode = 'RB012', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;
comment on function roadbase.refuse_expired() is
  'BEFORE INSERT OR UPDATE with a WHEN clause that knows the time, argument: the column. Raises RB012.';

-- A foreign key finds rows that have expired. Looked at when the statement is over, as it is.
create function roadbase.refuse_reference_to_expired() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  is_lost boolean;
begin
  execute format('select not exists (select from %s as t where t.id = ($1).%I)', tg_argv[0], tg_argv[1]) into is_lost using new;
  if is_lost and tg_op = 'UPDATE' then
    -- What was referred to while it was there.
    execute format('select ($1).%1$I is distinct from ($2).%1$I', tg_argv[1]) into is_lost using new, old;
  end if;
  if is_lost then
    raise exception 'column "%" refers to a row that has expired', tg_argv[1]
      using errcode = '23503', schema = tg_table_schema, table = tg_table_name, column = tg_argv[1], constraint = tg_argv[2];
  end if;
  return null;
end
$$;
comment on function roadbase.refuse_reference_to_expired() is
  'AFTER INSERT OR UPDATE. Arguments: the view of the living rows, the column, the foreign key whose violation it is.';

-- Lists of such records lie in tables that SQL of documents does not reach: it writes the view.
alter function roadbase.write_list() security definer;
alter function roadbase.write_lists() security definer;
alter function roadbase.follow_list() security definer;

revoke all on function roadbase.free_expired(), roadbase.refuse_expired(), roadbase.refuse_reference_to_expired() from public;
