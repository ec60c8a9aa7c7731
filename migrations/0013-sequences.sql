-- Numbers of records, given by triggers to whoever inserts. Names of columns, sequences and all SQL in the arguments come from the
-- document's checks; `$1` in them is the new row, `$2` the number.

-- The last number of each scope. The sequence object stands for the field: it keeps its identity through renames, and knows no gaps.
create table roadbase.counters (
  sequence  regclass not null,
  scope     text collate "C" not null,
  last      bigint not null,
  -- Who took it, and the row that has it, as a condition.
  taken_in  xid8,
  taken_by  text,
  primary key (sequence, scope)
) with (fillfactor = 50);
comment on table roadbase.counters is 'The last numbers of gapless sequences. Its rows are locked from the taking of a number to the end of the transaction.';

create function roadbase.refuse_number(relation oid, field text) returns void
  language plpgsql as $$
begin
  raise exception 'column "%" is numbered by its sequence', field
    using errcode = 'RB005', schema = relation::regclass::text, table = (select relname from pg_class where oid = relation), column = field;
end
$$;

create function roadbase.give_number() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  is_free boolean;
  value   text;
begin
  execute 'select ($1).' || quote_ident(tg_argv[0]) || ' is null' into is_free using new;
  if not is_free then
    perform roadbase.refuse_number(tg_relid, tg_argv[0]);
  end if;
  execute 'select (' || tg_argv[2] || ')::text' into value using new, nextval(tg_argv[1]::regclass);
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], value));
end
$$;
comment on function roadbase.give_number() is
  'BEFORE INSERT. Arguments: column, qualified name of the sequence, what the number looks like. Raises RB005 for a number that is given.';

-- A number is taken for a row that may not be inserted after all (`on conflict do nothing`, another trigger). The next row of the same
-- transaction then takes it again, and `return_numbers` gives back what is left over when the statement ends.
create function roadbase.count_number() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  counter  constant regclass := tg_argv[1]::regclass;
  counting constant text := 'roadbase.counted_' || counter::oid;
  step     constant bigint := tg_argv[7]::bigint;
  is_free  boolean;
  is_there boolean := true;
  scope_   text;
  group_   text;
  value    text;
  found_   roadbase.counters;
begin
  execute 'select ($1).' || quote_ident(tg_argv[0]) || ' is null, ' || tg_argv[3] || ', ' || tg_argv[4]
    into is_free, scope_, group_ using new;
  if not is_free then
    perform roadbase.refuse_number(tg_relid, tg_argv[0]);
  end if;
  loop
    select * into found_ from roadbase.counters c where c.sequence = counter and c.scope = scope_ for no key update;
    exit when found;
    -- Records that had numbers before there was a counter.
    execute 'insert into roadbase.counters (sequence, scope, last)
      select $3, $4, greatest((select max(' || tg_argv[5] || ') from ' || tg_relid::regclass || ' where ' || group_ || '), $5)
      on conflict do nothing' using new, null::bigint, counter, scope_, tg_argv[6]::bigint - step;
  end loop;
  if found_.taken_in = pg_current_xact_id() then
    execute 'select exists (select from ' || tg_relid::regclass || ' where ' || found_.taken_by || ')' into is_there;
  end if;
  if is_there then
    found_.last := found_.last + step;
  end if;
  execute 'select (' || tg_argv[2] || ')::text' into value using new, found_.last;
  update roadbase.counters c
  set last = found_.last, taken_in = pg_current_xact_id(), taken_by = group_ || format(' and %I = %L', tg_argv[0], value)
  where c.sequence = counter and c.scope = scope_;
  perform set_config(counting, (coalesce(nullif(current_setting(counting, true), ''), '0')::bigint + 1)::text, true);
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], value));
end
$$;
comment on function roadbase.count_number() is
  'BEFORE INSERT. Arguments: column, qualified name of the sequence, what the number looks like, the scope, the condition that the rows of the '
  'scope meet, how the number of a row is read, the first number, the step. Raises RB005 for a number that is given.';

create function roadbase.return_numbers() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  counter  constant regclass := tg_argv[0]::regclass;
  counting constant text := 'roadbase.counted_' || counter::oid;
  counted  constant text := coalesce(nullif(current_setting(counting, true), ''), '0');
  left_    roadbase.counters;
  is_there boolean;
begin
  perform set_config(counting, '0', true);
  if counted::bigint = (select count(*) from new_rows) then
    return null;
  end if;
  for left_ in select * from roadbase.counters c where c.sequence = counter and c.taken_in = pg_current_xact_id() loop
    execute 'select exists (select from ' || tg_relid::regclass || ' where ' || left_.taken_by || ')' into is_there;
    if not is_there then
      update roadbase.counters c set last = left_.last - tg_argv[1]::bigint, taken_in = null, taken_by = null
      where c.sequence = counter and c.scope = left_.scope;
    end if;
  end loop;
  return null;
end
$$;
comment on function roadbase.return_numbers() is
  'AFTER INSERT, FOR EACH STATEMENT, with the transition table new_rows. Arguments: qualified name of the sequence, the step.';

revoke all on all tables in schema roadbase from public;
revoke all on function roadbase.refuse_number(oid, text), roadbase.give_number(), roadbase.count_number(), roadbase.return_numbers() from public;
