-- tables
table roadbase.admin_keys (
  id uuid not null default roadbase.uuid_v7(),
  token_hash bytea not null,
  name text not null,
  scopes text[] collate "C" not null,
  apps text[] collate "C",
  created_at timestamp(3) with time zone not null default now(),
  created_by text not null,
  made_with uuid,
  expires_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone
);
table roadbase.admin_sessions (
  token_hash bytea not null,
  admin_id uuid not null,
  created_at timestamp(3) with time zone not null default now(),
  expires_at timestamp(3) with time zone not null,
  ip text collate "C"
);
table roadbase.admin_setup_links (
  token_hash bytea not null,
  created_at timestamp(3) with time zone not null default now(),
  expires_at timestamp(3) with time zone not null
);
table roadbase.admins (
  id uuid not null default roadbase.uuid_v7(),
  email text collate "C" not null,
  password_hash text collate "C" not null,
  created_at timestamp(3) with time zone not null default now()
);
table roadbase.app_settings (
  app text collate "C" not null,
  name text collate "C" not null,
  value jsonb,
  sealed bytea,
  updated_at timestamp(3) with time zone not null default now(),
  updated_by text
);
table roadbase.app_versions (
  app text collate "C" not null,
  version integer not null,
  document json not null,
  snapshot jsonb not null,
  digest text collate "C" not null,
  applied_at timestamp(3) with time zone not null default now(),
  applied_by text,
  origin text collate "C" not null default 'folder'::text,
  seed json
);
table roadbase.apps (
  slug text collate "C" not null,
  schema text collate "C" not null,
  version integer not null,
  created_at timestamp(3) with time zone not null default now(),
  origin text collate "C" not null default 'folder'::text,
  retired_at timestamp(3) with time zone,
  remains jsonb not null default '{}'::jsonb
);
table roadbase.audit (
  id uuid not null default roadbase.uuid_v7(),
  at timestamp(3) with time zone not null default now(),
  actor_kind text collate "C" not null,
  actor_id text collate "C",
  actor_name text not null,
  action text collate "C" not null,
  app text collate "C",
  target text,
  details jsonb not null default '{}'::jsonb,
  ip text collate "C",
  request_id text collate "C"
);
table roadbase.counters (
  sequence regclass not null,
  scope text collate "C" not null,
  last bigint not null,
  taken_in xid8,
  taken_by text
);
table roadbase.credentials (
  app text collate "C" not null,
  user_id uuid not null,
  password_hash text collate "C" not null,
  changed_at timestamp(3) with time zone not null default now()
);
table roadbase.history_sweeps (
  history regclass not null,
  seen bigint not null default 0
);
table roadbase.idempotency_keys (
  app text not null,
  user_id uuid not null,
  route text not null,
  key text not null,
  fingerprint text not null,
  record_id text,
  version bigint,
  created_at timestamp with time zone not null default now(),
  results text
);
table roadbase.migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp(3) with time zone not null default now()
);
table roadbase.password_resets (
  token_hash bytea not null,
  app text collate "C" not null,
  user_id uuid not null,
  created_at timestamp(3) with time zone not null default now(),
  expires_at timestamp(3) with time zone not null
);
table roadbase.refresh_tokens (
  hash bytea not null,
  session_id uuid not null,
  created_at timestamp(3) with time zone not null default now(),
  expires_at timestamp(3) with time zone not null,
  used_at timestamp(3) with time zone,
  replaced_by bytea
);
table roadbase.seeds (
  app text collate "C" not null,
  seed_set text collate "C" not null,
  name text collate "C" not null,
  position integer not null,
  collection text collate "C" not null,
  id text collate "C" not null
);
table roadbase.sessions (
  id uuid not null,
  app text collate "C" not null,
  user_id uuid not null,
  created_at timestamp(3) with time zone not null default now(),
  last_used_at timestamp(3) with time zone not null default now(),
  expires_at timestamp(3) with time zone not null,
  revoked_at timestamp(3) with time zone,
  ip text,
  user_agent text
);
table roadbase.signing_keys (
  kid text collate "C" not null,
  public_key text collate "C" not null,
  private_key bytea not null,
  created_at timestamp(3) with time zone not null default now(),
  signs_from timestamp(3) with time zone not null,
  signs_until timestamp(3) with time zone not null
);
table roadbase.superseded_folders (
  slug text collate "C" not null,
  fingerprint text collate "C" not null,
  at timestamp(3) with time zone not null default now()
);
table roadbase.unfinished_steps (
  app text collate "C" not null,
  position integer not null,
  undo text not null
);
table roadbase.view_refreshes (
  app text collate "C" not null,
  view text collate "C" not null,
  refreshed_at timestamp(3) with time zone not null,
  milliseconds integer,
  failed_at timestamp(3) with time zone,
  error text
);
unlogged table roadbase.ledger_groups (
  xact xid8 not null default pg_current_xact_id(),
  relation oid not null,
  digest bytea not null,
  condition text not null,
  total text not null
);
unlogged table roadbase.login_attempts (
  key text collate "C" not null,
  level double precision not null,
  updated_at timestamp with time zone not null default now(),
  allowed_at timestamp with time zone not null default now(),
  known_until timestamp with time zone,
  expires_at timestamp with time zone not null
);

-- constraints
roadbase.admin_keys: admin_keys_apps_check CHECK ((cardinality(apps) > 0));
roadbase.admin_keys: admin_keys_made_with_fkey FOREIGN KEY (made_with) REFERENCES roadbase.admin_keys(id) ON DELETE CASCADE;
roadbase.admin_keys: admin_keys_pkey PRIMARY KEY (id);
roadbase.admin_keys: admin_keys_scopes_check CHECK ((cardinality(scopes) > 0));
roadbase.admin_keys: admin_keys_token_hash_key UNIQUE (token_hash);
roadbase.admin_sessions: admin_sessions_admin_id_fkey FOREIGN KEY (admin_id) REFERENCES roadbase.admins(id) ON DELETE CASCADE;
roadbase.admin_sessions: admin_sessions_pkey PRIMARY KEY (token_hash);
roadbase.admin_setup_links: admin_setup_links_pkey PRIMARY KEY (token_hash);
roadbase.admins: admins_email_key UNIQUE (email);
roadbase.admins: admins_pkey PRIMARY KEY (id);
roadbase.app_settings: app_settings_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.app_settings: app_settings_check CHECK (((value IS NULL) <> (sealed IS NULL)));
roadbase.app_settings: app_settings_pkey PRIMARY KEY (app, name);
roadbase.app_versions: app_versions_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.app_versions: app_versions_origin_check CHECK ((origin = ANY (ARRAY['folder'::text, 'api'::text])));
roadbase.app_versions: app_versions_pkey PRIMARY KEY (app, version);
roadbase.app_versions: app_versions_version_check CHECK ((version > 0));
roadbase.apps: apps_origin_check CHECK ((origin = ANY (ARRAY['folder'::text, 'api'::text])));
roadbase.apps: apps_pkey PRIMARY KEY (slug);
roadbase.apps: apps_schema_key UNIQUE (schema);
roadbase.apps: apps_version_check CHECK ((version > 0));
roadbase.audit: audit_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['admin'::text, 'key'::text, 'machine'::text, 'folder'::text, 'user'::text])));
roadbase.audit: audit_pkey PRIMARY KEY (id);
roadbase.counters: counters_pkey PRIMARY KEY (sequence, scope);
roadbase.credentials: credentials_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.credentials: credentials_pkey PRIMARY KEY (app, user_id);
roadbase.history_sweeps: history_sweeps_pkey PRIMARY KEY (history);
roadbase.idempotency_keys: idempotency_keys_pkey PRIMARY KEY (app, user_id, route, key);
roadbase.ledger_groups: check_ledger TRIGGER DEFERRABLE INITIALLY DEFERRED;
roadbase.ledger_groups: ledger_groups_pkey PRIMARY KEY (xact, relation, digest);
roadbase.login_attempts: login_attempts_pkey PRIMARY KEY (key);
roadbase.migrations: migrations_pkey PRIMARY KEY (number);
roadbase.password_resets: password_resets_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.password_resets: password_resets_app_user_id_key UNIQUE (app, user_id);
roadbase.password_resets: password_resets_pkey PRIMARY KEY (token_hash);
roadbase.refresh_tokens: refresh_tokens_pkey PRIMARY KEY (hash);
roadbase.refresh_tokens: refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES roadbase.sessions(id) ON DELETE CASCADE;
roadbase.seeds: seeds_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.seeds: seeds_pkey PRIMARY KEY (app, seed_set, name, "position");
roadbase.sessions: sessions_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.sessions: sessions_pkey PRIMARY KEY (id);
roadbase.signing_keys: signing_keys_check CHECK ((signs_until > signs_from));
roadbase.signing_keys: signing_keys_pkey PRIMARY KEY (kid);
roadbase.signing_keys: signing_keys_signs_from_key UNIQUE (signs_from);
roadbase.superseded_folders: superseded_folders_pkey PRIMARY KEY (slug);
roadbase.unfinished_steps: unfinished_steps_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.unfinished_steps: unfinished_steps_pkey PRIMARY KEY (app, "position");
roadbase.view_refreshes: view_refreshes_app_fkey FOREIGN KEY (app) REFERENCES roadbase.apps(slug) ON DELETE CASCADE;
roadbase.view_refreshes: view_refreshes_pkey PRIMARY KEY (app, view);

-- indexes
CREATE INDEX admin_keys_made_with ON roadbase.admin_keys USING btree (made_with);
CREATE INDEX admin_sessions_by_admin ON roadbase.admin_sessions USING btree (admin_id);
CREATE INDEX admin_sessions_by_expiry ON roadbase.admin_sessions USING btree (expires_at);
CREATE INDEX audit_by_app ON roadbase.audit USING btree (app, id);
CREATE INDEX audit_by_time ON roadbase.audit USING btree (at);
CREATE INDEX idempotency_keys_created_at ON roadbase.idempotency_keys USING btree (created_at);
CREATE INDEX login_attempts_by_expiry ON roadbase.login_attempts USING btree (expires_at);
CREATE INDEX password_resets_by_expiry ON roadbase.password_resets USING btree (expires_at);
CREATE INDEX refresh_tokens_by_expiry ON roadbase.refresh_tokens USING btree (expires_at);
CREATE INDEX refresh_tokens_by_session ON roadbase.refresh_tokens USING btree (session_id);
CREATE INDEX sessions_by_expiry ON roadbase.sessions USING btree (expires_at);
CREATE INDEX sessions_by_revocation ON roadbase.sessions USING btree (revoked_at) WHERE (revoked_at IS NOT NULL);
CREATE INDEX sessions_live_by_user ON roadbase.sessions USING btree (app, user_id) WHERE (revoked_at IS NULL);

-- functions
CREATE OR REPLACE FUNCTION roadbase.add(a double precision, b double precision)
 RETURNS double precision
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return a + b; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.add(a interval, b interval)
 RETURNS interval
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$
declare
  result interval;
begin
  result := a + b;
  return case when abs(extract(epoch from result)) <= 315576000000 then result end;
exception when data_exception then
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.add(a timestamp with time zone, b interval)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$
declare
  result timestamptz;
begin
  result := (a + (extract(epoch from b) * 1000)::bigint * interval '1 millisecond')::timestamptz(3);
  return case when result between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z' then result end;
exception when data_exception then
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.as_date(value date)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((value >= '0001-01-01'::date) AND (value <= '9999-12-31'::date)) THEN value ELSE NULL::date END;
CREATE OR REPLACE FUNCTION roadbase.as_decimal(value numeric, scale integer)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (abs(round(value, scale)) < ((10)::numeric ^ ((38 - scale))::numeric)) THEN round(value, scale) ELSE NULL::numeric END;
CREATE OR REPLACE FUNCTION roadbase.as_duration(value interval)
 RETURNS interval
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (value >= 'PT0S'::interval) THEN value ELSE NULL::interval END;
CREATE OR REPLACE FUNCTION roadbase.as_integer(value bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((value >= '-9007199254740991'::bigint) AND (value <= '9007199254740991'::bigint)) THEN value ELSE NULL::bigint END;
CREATE OR REPLACE FUNCTION roadbase.check_ledger()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.count_number()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.date_part(part text, day date)
 RETURNS bigint
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return date_part(part, day)::bigint; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.date_part(part text, instant timestamp with time zone, zone text)
 RETURNS bigint
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$
begin
  if part = 'millisecond' then
    return date_part('milliseconds', instant at time zone zone)::bigint % 1000;
  end if;
  return trunc(date_part(part, instant at time zone zone))::bigint;
exception when data_exception then
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.divide(a double precision, b double precision)
 RETURNS double precision
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return a / b; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.end_sessions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op = 'UPDATE' and not new.suspended then
    return null;
  end if;
  update roadbase.sessions set revoked_at = now()
  where app = tg_argv[0] and user_id = old.id and revoked_at is null;
  if tg_op = 'DELETE' then
    delete from roadbase.credentials where app = tg_argv[0] and user_id = old.id;
  end if;
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.follow_list()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.free_expired()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  execute format('delete from %I.%I as o where %s', tg_table_schema, tg_table_name, tg_argv[0]) using new;
  return new;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.give_number()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.is_restoring(app name)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(current_setting('roadbase.restoring', true) = 'on', false) and current_setting('role') <> app
$function$;
CREATE OR REPLACE FUNCTION roadbase.keep_audit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '1 year' then
    return old;
  end if;
  raise exception 'the audit is only added to';
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.local_date(instant timestamp with time zone, zone text)
 RETURNS date
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return (instant at time zone zone)::date; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.move_to_trash()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.multiply(a double precision, b double precision)
 RETURNS double precision
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return a * b; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.note_ledger()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  added text := 'select ' || tg_argv[1] || ', ' || tg_argv[0] || '::numeric as amount__ from new_rows';
  taken text := 'select ' || tg_argv[1] || ', -' || tg_argv[0] || '::numeric as amount__ from old_rows';
begin
  -- A statement that adds up by itself, in each group, leaves its groups as they were.
  execute 'insert into roadbase.ledger_groups (relation, digest, condition, total)
    select $1, sha256(convert_to(c, ''UTF8'')), c, $2
    from (select ' || tg_argv[2] || ' as c from ('
      || case tg_op when 'INSERT' then added when 'DELETE' then taken else added || ' union all ' || taken end
      || ') as changed group by ' || tg_argv[1] || ' having sum(amount__) <> 0) as groups
    on conflict do nothing'
    using tg_relid, tg_argv[0];
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.pass_number(counter regclass, number bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.range(a bigint, b bigint)
 RETURNS int8range
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((a < b) OR ((a IS NULL) <> (b IS NULL))) THEN int8range(a, b) ELSE NULL::int8range END;
CREATE OR REPLACE FUNCTION roadbase.range(a date, b date)
 RETURNS daterange
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((a < b) OR ((a IS NULL) <> (b IS NULL))) THEN daterange(a, b) ELSE NULL::daterange END;
CREATE OR REPLACE FUNCTION roadbase.range(a numeric, b numeric)
 RETURNS numrange
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((a < b) OR ((a IS NULL) <> (b IS NULL))) THEN numrange(a, b) ELSE NULL::numrange END;
CREATE OR REPLACE FUNCTION roadbase.range(a timestamp with time zone, b timestamp with time zone)
 RETURNS tstzrange
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((a < b) OR ((a IS NULL) <> (b IS NULL))) THEN tstzrange(a, b) ELSE NULL::tstzrange END;
CREATE OR REPLACE FUNCTION roadbase.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'records of "%" are only added', tg_table_name
    using errcode = 'RB003', schema = tg_table_schema, table = tg_table_name;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.refuse_expired()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) -> tg_argv[0] = to_jsonb(old) -> tg_argv[0] then
    return new;
  end if;
  raise exception 'column "%" would let the row expire at once', tg_argv[0]
    using errcode = 'RB012', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.refuse_immutable()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'column "%" can not be changed once it is set', tg_argv[0]
    using errcode = 'RB001', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.refuse_number(relation oid, field text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'column "%" is numbered by its sequence', field
    using errcode = 'RB005', schema = relation::regclass::text, table = (select relname from pg_class where oid = relation), column = field;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.refuse_reference_to_expired()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.refuse_state()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    raise exception 'no record begins in the state "%"', to_jsonb(new) ->> tg_argv[0]
      using errcode = 'RB011', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0],
      hint = 'Where records are restored: set local roadbase.any_state = on';
  end if;
  raise exception 'no transition leads from the state "%" to "%"', to_jsonb(old) ->> tg_argv[0], to_jsonb(new) ->> tg_argv[0]
    using errcode = 'RB011', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.return_numbers()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.subtract(a double precision, b double precision)
 RETURNS double precision
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return a - b; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.subtract(a interval, b interval)
 RETURNS interval
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$
declare
  result interval;
begin
  result := a - b;
  return case when abs(extract(epoch from result)) <= 315576000000 then result end;
exception when data_exception then
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.subtract(a timestamp with time zone, b interval)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$
declare
  result timestamptz;
begin
  result := (a - (extract(epoch from b) * 1000)::bigint * interval '1 millisecond')::timestamptz(3);
  return case when result between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z' then result end;
exception when data_exception then
  return null;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.subtract(a timestamp with time zone, b timestamp with time zone)
 RETURNS interval
 LANGUAGE plpgsql
 IMMUTABLE STRICT
AS $function$ begin return a - b; exception when data_exception then return null; end $function$;
CREATE OR REPLACE FUNCTION roadbase.sweep_history(history regclass, keep interval, most bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  from_  bigint;
  until_ bigint;
begin
  if not exists (select from roadbase.history_sweeps s where s.history = sweep_history.history) then
    delete from roadbase.history_sweeps s where not exists (select from pg_class where oid = s.history);
    insert into roadbase.history_sweeps (history) values (history) on conflict do nothing;
  end if;
  select s.seen into from_ from roadbase.history_sweeps s where s.history = sweep_history.history for update skip locked;
  if not found then
    return 0;
  end if;
  -- Never past what is there: an entry of a transaction under way has a number already. But past what other means have deleted.
  execute format(
    'select case when count(*) > 0 then least(min(h.history__id) filter (where h.history__at >= now() - $3) - 1, max(h.history__id)) '
    'when pg_sequence_last_value(pg_get_serial_sequence($4, ''history__id'')::regclass) >= $1 + $2 then $1 + $2 end '
    'from %s h where h.history__id > $1 and h.history__id <= $1 + $2', history)
    into until_ using from_, most, keep, history::text;
  if coalesce(until_, 0) <= from_ then
    return 0;
  end if;
  execute format(
    'delete from %1$s o using ('
    '  select distinct on (n.id) n.id, n.history__id + (n.history__action in (''delete'', ''expire''))::int as next from %1$s n '
    '  where n.history__id > $1 and n.history__id <= $2 order by n.id, n.history__id desc) n '
    'where o.id = n.id and o.history__id < n.next', history)
    using from_, until_;
  update roadbase.history_sweeps s set seen = until_ where s.history = sweep_history.history;
  return until_ - from_;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.touch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.version := old.version + 1;
  -- Never backwards, also when the clock is set back.
  new.updated_at := greatest(now(), old.updated_at);
  return new;
end
$function$;
CREATE OR REPLACE FUNCTION roadbase.touch_from_sequence()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
RETURN (SELECT (encode(OVERLAY(uuid_send(gen_random_uuid()) PLACING int8send(((((clock.micros / 1000) << 16) | (28672)::bigint) | (((clock.micros % (1000)::bigint) * 4096) / 1000))) FROM 1 FOR 8), 'hex'::text))::uuid AS encode FROM (SELECT ((EXTRACT(epoch FROM clock_timestamp()) * (1000000)::numeric))::bigint AS micros) clock);
CREATE OR REPLACE FUNCTION roadbase.write_list()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;
CREATE OR REPLACE FUNCTION roadbase.write_lists()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

-- triggers
CREATE CONSTRAINT TRIGGER check_ledger AFTER INSERT ON roadbase.ledger_groups DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION roadbase.check_ledger();
CREATE TRIGGER keep_entries BEFORE DELETE OR UPDATE ON roadbase.audit FOR EACH ROW EXECUTE FUNCTION roadbase.keep_audit();
CREATE TRIGGER keep_table BEFORE TRUNCATE ON roadbase.audit FOR EACH STATEMENT EXECUTE FUNCTION roadbase.keep_audit();

-- comments
column allowed_at of table roadbase.login_attempts: From here on the next attempt is admitted.
column apps of table roadbase.admin_keys: Slugs that the key is limited to; null is all. An app need not be there yet.
column document of table roadbase.app_versions: What the author wrote, includes resolved. Not jsonb, which would sort the keys: fields have the order of the document.
column expires_at of table roadbase.login_attempts: From here on the row says nothing any more.
column key of table roadbase.login_attempts: A hash: the table names nobody.
column kid of table roadbase.signing_keys: RFC 7638 thumbprint.
column known_until of table roadbase.login_attempts: Until then the account is at home at this address: it logged in there.
column last_used_at of table roadbase.admin_keys: To the minute.
column level of table roadbase.login_attempts: Attempts as of updated_at; they leak away with time.
column made_with of table roadbase.admin_keys: The key that made this one. It is revoked with it, or who stole a key could keep what it opens.
column origin of table roadbase.apps: Who gave what is live: the folder of apps, whose app is not served when its folder is gone, or an administrator.
column private_key of table roadbase.signing_keys: d of the JWK, sealed with a key derived from the master key (AES-256-GCM).
column public_key of table roadbase.signing_keys: x of the JWK.
column remains of table roadbase.apps: By section: what its plans have hidden, and nobody has purged.
column retired_at of table roadbase.apps: Not served since then; the data stay.
column sealed of table roadbase.app_settings: The JSON text of a secret, sealed with a key derived from the master key (AES-256-GCM).
column seed of table roadbase.app_versions: The content of seed.yaml, beside the document.
column snapshot of table roadbase.app_versions: What each section needs to plan the next version.
column token_hash of table roadbase.admin_keys: SHA-256 of the key: 256 random bits, so a plain hash is enough.
function roadbase.as_date(date): The value, where it is a day of the calendar of RFC 3339; NULL elsewhere.
function roadbase.as_decimal(numeric,integer): The value rounded to the digits behind the point, where 38 digits hold it; NULL elsewhere.
function roadbase.as_duration(interval): The value, where it is one that a field can be sent; NULL for less than nothing.
function roadbase.as_integer(bigint): The value, where a JSON number holds it exactly; NULL elsewhere.
function roadbase.check_ledger(): When a transaction commits, once for each group that it has changed. Raises RB004.
function roadbase.count_number(): BEFORE INSERT. Arguments: column, qualified name of the sequence, what the number looks like, the scope, the condition that the rows of the scope meet, how the number of a row is read, the first number, the step. Raises RB005 for a number that is given, unless records are brought back.
function roadbase.end_sessions(): AFTER DELETE OR UPDATE OF suspended on the users of an app, argument: its slug.
function roadbase.follow_list(): AFTER INSERT, UPDATE, DELETE or TRUNCATE of entries, for each statement, with transition tables changed and, of an update, gone; arguments: table of the records, column of the list. Gives the records the list that the entries make, as a change of the record.
function roadbase.free_expired(): BEFORE INSERT OR UPDATE, argument: the condition, over the table `o` and the new row `$1`, of what has expired and is in its way.
function roadbase.give_number(): BEFORE INSERT. Arguments: column, qualified name of the sequence, what the number looks like, how it is read from the new row. Raises RB005 for a number that is given, unless records are brought back.
function roadbase.is_restoring(name): Whether this transaction brings records back, in which what is given is kept. SQL of documents, which runs in the role of its app, never does.
function roadbase.keep_audit(): BEFORE UPDATE, DELETE or TRUNCATE of the audit: only what is older than a year goes.
function roadbase.move_to_trash(): Keeps a deleted row in the trash of its table: with what it was deleted with, when, and by whom. `roadbase.deleted_by` holds users by id.
function roadbase.note_ledger(): AFTER INSERT, UPDATE or DELETE, FOR EACH STATEMENT, with the transition tables new_rows and old_rows. Arguments, all SQL: the column that is summed up, the columns of the group, and an expression over them that makes the condition which all of the group meet.
function roadbase.pass_number(regclass,bigint): Moves a sequence behind a number, and never back.
function roadbase.refuse_change(): BEFORE UPDATE, DELETE or TRUNCATE. Raises RB003.
function roadbase.refuse_expired(): BEFORE INSERT OR UPDATE with a WHEN clause that knows the time, argument: the column. Raises RB012.
function roadbase.refuse_immutable(): BEFORE UPDATE with a WHEN clause that compares old and new, argument: the column. Raises RB001.
function roadbase.refuse_reference_to_expired(): AFTER INSERT OR UPDATE. Arguments: the view of the living rows, the column, the foreign key whose violation it is.
function roadbase.refuse_state(): BEFORE INSERT OR UPDATE with a WHEN clause that knows the first state and the transitions, argument: the column. Raises RB011.
function roadbase.return_numbers(): AFTER INSERT, FOR EACH STATEMENT, with the transition table new_rows. Arguments: qualified name of the sequence, the step, and of a row "r" of that table the scope and the number.
function roadbase.sweep_history(regclass,interval,bigint): Deletes versions whose place was taken longer ago than `keep`, and those of records that were deleted longer ago. Looks at so many entries at most, and tells at how many.
function roadbase.touch(): BEFORE UPDATE: owns version and updated_at, whoever writes.
function roadbase.touch_from_sequence(): BEFORE INSERT OR UPDATE, argument: qualified name of a sequence. For chosen ids: a record that is deleted and made again never has a version that the first one had.
function roadbase.uuid_v7(): Default of id columns.
function roadbase.write_list(): AFTER INSERT OR UPDATE of a record, arguments: table of the entries, column of the list, type of its ids. Writes the entries that the column has, at positions from 0 without gaps.
function roadbase.write_lists(): AFTER INSERT of records, for each statement, with the transition table added; arguments: table of the entries, column of the list, type of its ids. Writes the entries that the column has, at positions from 0 without gaps.
table roadbase.admin_keys: Keys of programs that administer. A key that is revoked is deleted; what was done with it stays in the audit.
table roadbase.admin_setup_links: The one-time link that makes the first administrator.
table roadbase.app_settings: Values that differ from the document's defaults. A name that the document does not have (any more) is kept for a rollback.
table roadbase.apps: Every app that is live, with its PostgreSQL schema (and role of the same name).
table roadbase.audit: What administrators did. Append only; entries are deleted a year after they were written.
table roadbase.counters: The last numbers of gapless sequences. Its rows are locked from the taking of a number to the end of the transaction.
table roadbase.history_sweeps: How far versions that nobody is to keep any longer were deleted, by the table of the history.
table roadbase.ledger_groups: Empty but for transactions under way.
table roadbase.login_attempts: How much was tried lately, per account, per address, and per both.
table roadbase.password_resets: One-time links with which a user of an app sets a new password.
table roadbase.seeds: Which record each entry of seed.yaml has become: seeding again makes no second one, also of a record that was deleted since.
table roadbase.sessions: Live while revoked_at is null and expires_at > now(). A live session implies a user that exists and is not suspended.
table roadbase.signing_keys: Ed25519 keys of the access tokens, shared by all servers. A key signs during its term and is published from its making until its last token has expired, so which key is next, current or past follows from the clock.
table roadbase.superseded_folders: The files of an app's folder when an administrator loaded, rolled back, retired or dropped the app. As long as they stay as they are, that act counts; a change of the files takes its place.
table roadbase.unfinished_steps: What takes back the steps of a load that run before its transaction. Written before they run, deleted when that commits: what is here while nobody loads the app was left by a crash.
table roadbase.view_refreshes: When the rows of each view that keeps them were made, by its name in SQL: what was committed by then is in them. With what went wrong since.

-- granted to others than the owner
function add: EXECUTE to PUBLIC
function add: EXECUTE to PUBLIC
function add: EXECUTE to PUBLIC
function as_date: EXECUTE to PUBLIC
function as_decimal: EXECUTE to PUBLIC
function as_duration: EXECUTE to PUBLIC
function as_integer: EXECUTE to PUBLIC
function date_part: EXECUTE to PUBLIC
function date_part: EXECUTE to PUBLIC
function divide: EXECUTE to PUBLIC
function local_date: EXECUTE to PUBLIC
function multiply: EXECUTE to PUBLIC
function range: EXECUTE to PUBLIC
function range: EXECUTE to PUBLIC
function range: EXECUTE to PUBLIC
function range: EXECUTE to PUBLIC
function subtract: EXECUTE to PUBLIC
function subtract: EXECUTE to PUBLIC
function subtract: EXECUTE to PUBLIC
function subtract: EXECUTE to PUBLIC
