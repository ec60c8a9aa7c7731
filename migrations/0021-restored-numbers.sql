-- An import of administrators brings records back with the numbers that they had. Their triggers then keep what they are given, and count on behind it.

create function roadbase.is_restoring(app name) returns boolean
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(current_setting('roadbase.restoring', true) = 'on', false) and current_setting('role') <> app
$$;
comment on function roadbase.is_restoring(name) is
  'Whether this transaction brings records back, in which what is given is kept. SQL of documents, which runs in the role of its app, never does.';

create function roadbase.pass_number(counter regclass, number bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  last_  bigint;
  called boolean;
begin
  -- Two that bring records back would set it one after the other, the second one perhaps to less.
  perform pg_advisory_xact_lock(hashtextextended('roadbase.pass_number', counter::oid::bigint));
  execute 'select last_value, is_called from ' || counter into last_, called;
  if number < last_ or (number = last_ and called) then
    return;
  end if;
  -- Others may take numbers at this moment. One at a time never goes back behind theirs; over a wide gap they can not come in so short a time.
  for round in 1 .. 1000 loop
    if nextval(counter) >= number then
      return;
    end if;
  end loop;
  perform setval(counter, number);
end
$$;
comment on function roadbase.pass_number(regclass, bigint) is 'Moves a sequence behind a number, and never back.';

create or replace function roadbase.give_number() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  is_free boolean;
  number  bigint;
  value   text;
begin
  execute 'select ($1).' || quote_ident(tg_argv[0]) || ' is null' into is_free using new;
  if not is_free then
    if tg_nargs < 4 or not roadbase.is_restoring(tg_table_schema) then
      perform roadbase.refuse_number(tg_relid, tg_argv[0]);
    end if;
    execute 'select ' || tg_argv[3] into number using new;
    if number is not null then
      perform roadbase.pass_number(tg_argv[1]::regclass, number);
    end if;
    return new;
  end if;
  execute 'select (' || tg_argv[2] || ')::text' into value using new, nextval(tg_argv[1]::regclass);
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], value));
end
$$;
comment on function roadbase.give_number() is
  'BEFORE INSERT. Arguments: column, qualified name of the sequence, what the number looks like, how it is read from the new row. Raises RB005 for a '
  'number that is given, unless records are brought back.';

create or replace function roadbase.count_number() returns trigger
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
  if not is_free and not roadbase.is_restoring(tg_table_schema) then
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
  -- Held until the end, and moved when the row is there: `return_numbers` does that.
  if not is_free then
    return new;
  end if;
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
  'scope meet, how the number of a row is read, the first number, the step. Raises RB005 for a number that is given, unless records are brought back.';

create or replace function roadbase.return_numbers() returns trigger
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
  if tg_nargs >= 4 and roadbase.is_restoring(tg_table_schema) then
    execute 'update roadbase.counters c set last = r.last, taken_in = null, taken_by = null
      from (select ' || tg_argv[2] || ' as scope, max(' || tg_argv[3] || ') as last from new_rows r group by 1) r
      where c.sequence = $1 and c.scope = r.scope and c.last < r.last' using counter;
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
  'AFTER INSERT, FOR EACH STATEMENT, with the transition table new_rows. Arguments: qualified name of the sequence, the step, and of a row "r" of that '
  'table the scope and the number.';

revoke all on function roadbase.is_restoring(name), roadbase.pass_number(regclass, bigint) from public;
