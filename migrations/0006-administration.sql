-- Administration: keys for programs, what was done by whom, and links with which a user sets a new password.

-- ── Keys ────────────────────────────────────────────────────────────────────────────────────────────────────────────

create table roadbase.admin_keys (
  id           uuid primary key default roadbase.uuid_v7(),
  token_hash   bytea not null unique,
  name         text not null,
  scopes       text[] collate "C" not null check (cardinality(scopes) > 0),
  apps         text[] collate "C" check (cardinality(apps) > 0),
  created_at   timestamptz(3) not null default now(),
  created_by   text not null,
  made_with    uuid references roadbase.admin_keys on delete cascade,
  expires_at   timestamptz(3),
  last_used_at timestamptz(3)
);
comment on table roadbase.admin_keys is
  'Keys of programs that administer. A key that is revoked is deleted; what was done with it stays in the audit.';
comment on column roadbase.admin_keys.token_hash is 'SHA-256 of the key: 256 random bits, so a plain hash is enough.';
comment on column roadbase.admin_keys.apps is 'Slugs that the key is limited to; null is all. An app need not be there yet.';
comment on column roadbase.admin_keys.made_with is
  'The key that made this one. It is revoked with it, or who stole a key could keep what it opens.';
comment on column roadbase.admin_keys.last_used_at is 'To the minute.';
create index admin_keys_made_with on roadbase.admin_keys (made_with);

-- ── Audit ───────────────────────────────────────────────────────────────────────────────────────────────────────────
-- Without references: an entry outlives what it is about.

create table roadbase.audit (
  id         uuid primary key default roadbase.uuid_v7(),
  at         timestamptz(3) not null default now(),
  actor_kind text collate "C" not null check (actor_kind in ('admin', 'key', 'machine', 'folder', 'user')),
  actor_id   text collate "C",
  actor_name text not null,
  action     text collate "C" not null,
  app        text collate "C",
  target     text,
  details    jsonb not null default '{}',
  ip         text collate "C",
  request_id text collate "C"
);
comment on table roadbase.audit is 'What administrators did. Append only; entries are deleted a year after they were written.';
create index audit_by_app on roadbase.audit (app, id);
create index audit_by_time on roadbase.audit (at);

create function roadbase.keep_audit() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '1 year' then
    return old;
  end if;
  raise exception 'the audit is only added to';
end
$$;
comment on function roadbase.keep_audit() is 'BEFORE UPDATE, DELETE or TRUNCATE of the audit: only what is older than a year goes.';
create trigger keep_entries before update or delete on roadbase.audit for each row execute function roadbase.keep_audit();
create trigger keep_table before truncate on roadbase.audit for each statement execute function roadbase.keep_audit();

-- ── New passwords ───────────────────────────────────────────────────────────────────────────────────────────────────

create table roadbase.password_resets (
  token_hash bytea primary key,
  app        text collate "C" not null references roadbase.apps on delete cascade,
  user_id    uuid not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  -- Of a user's links only the latest is good.
  unique (app, user_id)
);
comment on table roadbase.password_resets is 'One-time links with which a user of an app sets a new password.';
create index password_resets_by_expiry on roadbase.password_resets (expires_at);

revoke all on all tables in schema roadbase from public;
revoke all on all functions in schema roadbase from public;
