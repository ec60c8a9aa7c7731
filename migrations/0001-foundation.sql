-- What every other part of the catalogue stands on: apps and their versions, who may sign in and is signed in,
-- and the functions that the triggers of every app's tables call.
-- (The schema `roadbase` and the table `roadbase.migrations` are made by the migrator itself.)

revoke all on schema roadbase from public;

-- ── Apps ────────────────────────────────────────────────────────────────────────────────────────────────────────────

create table roadbase.apps (
  slug       text collate "C" primary key,
  schema     text collate "C" not null unique,
  version    integer not null check (version > 0),
  created_at timestamptz(3) not null default now()
);
comment on table roadbase.apps is 'Every app that is live, with its PostgreSQL schema (and role of the same name).';

create table roadbase.app_versions (
  app        text collate "C" not null references roadbase.apps on delete cascade,
  version    integer not null check (version > 0),
  document   json not null,
  snapshot   jsonb not null,
  digest     text collate "C" not null,
  applied_at timestamptz(3) not null default now(),
  applied_by text,
  primary key (app, version)
);
comment on column roadbase.app_versions.document is 'What the author wrote, includes resolved. Not jsonb, which would sort the keys: fields have the order of the document.';
comment on column roadbase.app_versions.snapshot is 'What each section needs to plan the next version.';

-- ── Accounts ────────────────────────────────────────────────────────────────────────────────────────────────────────
-- Users are a collection in their app's own schema. What must never be near a record lives here.

create table roadbase.credentials (
  app           text collate "C" not null references roadbase.apps on delete cascade,
  user_id       uuid not null,
  password_hash text collate "C" not null,
  changed_at    timestamptz(3) not null default now(),
  primary key (app, user_id)
);

create table roadbase.sessions (
  id           uuid primary key,
  app          text collate "C" not null references roadbase.apps on delete cascade,
  user_id      uuid not null,
  created_at   timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  expires_at   timestamptz(3) not null,
  revoked_at   timestamptz(3),
  ip           text,
  user_agent   text
);
comment on table roadbase.sessions is
  'Live while revoked_at is null and expires_at > now(). A live session implies a user that exists and is not suspended.';
create index sessions_live_by_user on roadbase.sessions (app, user_id) where revoked_at is null;
create index sessions_by_expiry on roadbase.sessions (expires_at);

create table roadbase.refresh_tokens (
  hash        bytea primary key,
  session_id  uuid not null references roadbase.sessions on delete cascade,
  created_at  timestamptz(3) not null default now(),
  expires_at  timestamptz(3) not null,
  used_at     timestamptz(3),
  replaced_by bytea
);
create index refresh_tokens_by_session on roadbase.refresh_tokens (session_id);

-- ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- Milliseconds, version 7, then the fraction of the millisecond in twelve bits (RFC 9562, 6.2 method 3), then chance
-- with the variant that gen_random_uuid() has put there. PostgreSQL has its own from 18 on.
create function roadbase.uuid_v7() returns uuid
  language sql volatile parallel safe
  return (
    select encode(
      overlay(
        uuid_send(gen_random_uuid())
        placing int8send((micros / 1000 << 16) | 28672 | (micros % 1000 * 4096 / 1000))
        from 1 for 8
      ),
      'hex'
    )::uuid
    from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros) as clock
  );
comment on function roadbase.uuid_v7() is 'Default of id columns.';

create function roadbase.touch() returns trigger
  language plpgsql as $$
begin
  new.version := old.version + 1;
  -- Never backwards, also when the clock is set back.
  new.updated_at := greatest(now(), old.updated_at);
  return new;
end
$$;
comment on function roadbase.touch() is 'BEFORE UPDATE: owns version and updated_at, whoever writes.';

-- As the owner, because the sequences are nobody else's.
create function roadbase.touch_from_sequence() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  new.version := nextval(tg_argv[0]::regclass);
  if tg_op = 'UPDATE' then
    new.updated_at := greatest(now(), old.updated_at);
  end if;
  return new;
end
$$;
comment on function roadbase.touch_from_sequence() is
  'BEFORE INSERT OR UPDATE, argument: qualified name of a sequence. For chosen ids: a record that is deleted and made '
  'again never has a version that the first one had.';

create function roadbase.refuse_immutable() returns trigger
  language plpgsql as $$
begin
  raise exception 'column "%" can not be changed once it is set', tg_argv[0]
    using errcode = 'RB001', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;
comment on function roadbase.refuse_immutable() is
  'BEFORE UPDATE with a WHEN clause that compares old and new, argument: the column. Raises RB001.';

-- As the owner, because an app's SQL deletes users but may not see sessions.
create function roadbase.end_sessions() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
$$;
comment on function roadbase.end_sessions() is
  'AFTER DELETE OR UPDATE OF suspended on the users of an app, argument: its slug.';

revoke all on all tables in schema roadbase from public;
revoke all on all functions in schema roadbase from public;
