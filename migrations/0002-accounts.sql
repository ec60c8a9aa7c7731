-- Accounts: what signs tokens, what slows guessing down, and the server's own administrators.
-- Sessions, credentials and refresh tokens of the apps' users are in 0001.

-- What is swept away, found without reading the rest.
create index sessions_by_revocation on roadbase.sessions (revoked_at) where revoked_at is not null;
create index refresh_tokens_by_expiry on roadbase.refresh_tokens (expires_at);

-- ── Signing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create table roadbase.signing_keys (
  kid         text collate "C" primary key,
  public_key  text collate "C" not null,
  private_key bytea not null,
  created_at  timestamptz(3) not null default now(),
  -- Unique, so that two servers can't both make the successor of a key.
  signs_from  timestamptz(3) not null unique,
  signs_until timestamptz(3) not null,
  check (signs_until > signs_from)
);
comment on table roadbase.signing_keys is
  'Ed25519 keys of the access tokens, shared by all servers. A key signs during its term and is published from its '
  'making until its last token has expired, so which key is next, current or past follows from the clock.';
comment on column roadbase.signing_keys.kid is 'RFC 7638 thumbprint.';
comment on column roadbase.signing_keys.public_key is 'x of the JWK.';
comment on column roadbase.signing_keys.private_key is 'd of the JWK, sealed with a key derived from the master key (AES-256-GCM).';

-- ── Guessing ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Unlogged: a crash forgives some attempts, and no attempt waits for the disk.
create unlogged table roadbase.login_attempts (
  key         text collate "C" primary key,
  level       double precision not null,
  updated_at  timestamptz not null default now(),
  allowed_at  timestamptz not null default now(),
  known_until timestamptz,
  expires_at  timestamptz not null
);
comment on table roadbase.login_attempts is 'How much was tried lately, per account, per address, and per both.';
comment on column roadbase.login_attempts.key is 'A hash: the table names nobody.';
comment on column roadbase.login_attempts.level is 'Attempts as of updated_at; they leak away with time.';
comment on column roadbase.login_attempts.allowed_at is 'From here on the next attempt is admitted.';
comment on column roadbase.login_attempts.known_until is 'Until then the account is at home at this address: it logged in there.';
comment on column roadbase.login_attempts.expires_at is 'From here on the row says nothing any more.';
create index login_attempts_by_expiry on roadbase.login_attempts (expires_at);

-- ── Administrators ──────────────────────────────────────────────────────────────────────────────────────────────────
-- They belong to the server. No user of an app is one, and none of them is a user.

create table roadbase.admins (
  id            uuid primary key default roadbase.uuid_v7(),
  email         text collate "C" not null unique,
  password_hash text collate "C" not null,
  created_at    timestamptz(3) not null default now()
);

create table roadbase.admin_sessions (
  token_hash bytea primary key,
  admin_id   uuid not null references roadbase.admins on delete cascade,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  ip         text collate "C"
);
create index admin_sessions_by_admin on roadbase.admin_sessions (admin_id);
create index admin_sessions_by_expiry on roadbase.admin_sessions (expires_at);

create table roadbase.admin_setup_links (
  token_hash bytea primary key,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null
);
comment on table roadbase.admin_setup_links is 'The one-time link that makes the first administrator.';

revoke all on all tables in schema roadbase from public;
