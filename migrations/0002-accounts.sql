-- Accounts: what signs tokens, what slows guessing down, and the server's own administrators.
-- Sessions, credentials and refresh tokens of the apps' users are in 0001.

-- What is swept away, found without reading the rest.
create index sessions_by_revocation on roadbase.sessions (revoked_at) where revoked_at is not null;
create index refresh_tokens_by_expiry on roadbase.refresh_tokens (expires_at);

-- Ed25519 keys that sign access tokens, shared by all servers of this database.
-- A key signs from `signs_from` until `signs_until` and is published from its creation until the last token it
-- signed has expired. So "next", "current" and "previous" follow from the clock, and no server has to switch anything.
create table roadbase.signing_keys (
  -- RFC 7638 thumbprint of the public key.
  kid text collate "C" primary key,
  -- The public key as JWK's `x`.
  public_key text collate "C" not null,
  -- The private key as JWK's `d`, sealed with the server's master key (AES-256-GCM).
  private_key bytea not null,
  created_at timestamptz(3) not null default now(),
  -- Two servers that both make the successor of a key meet here.
  signs_from timestamptz(3) not null unique,
  signs_until timestamptz(3) not null,
  check (signs_until > signs_from)
);

-- How much has been tried, per account, per address, and per both. A level leaks away with time; nothing is kept of
-- who tried what: keys are hashes. Unlogged: losing it in a crash forgives some attempts, and no attempt waits for the disk.
create unlogged table roadbase.login_attempts (
  key text collate "C" primary key,
  -- Attempts that count, as of `updated_at`.
  level double precision not null,
  updated_at timestamptz not null default now(),
  -- The next attempt is admitted from here on.
  allowed_at timestamptz not null default now(),
  -- Of an account at an address: somebody who knew the password was there, and until when that is worth something.
  known_until timestamptz,
  -- From here on the row says nothing any more.
  expires_at timestamptz not null
);
create index login_attempts_by_expiry on roadbase.login_attempts (expires_at);

-- Administrators of the server. They are no users of any app, and users of apps are never administrators.
create table roadbase.admins (
  id uuid primary key default roadbase.uuid_v7(),
  -- Lower case.
  email text collate "C" not null unique,
  password_hash text collate "C" not null,
  created_at timestamptz(3) not null default now()
);

create table roadbase.admin_sessions (
  -- SHA-256 of the token.
  token_hash bytea primary key,
  admin_id uuid not null references roadbase.admins on delete cascade,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  ip text collate "C"
);
create index admin_sessions_by_admin on roadbase.admin_sessions (admin_id);
create index admin_sessions_by_expiry on roadbase.admin_sessions (expires_at);

-- The one-time link that makes the first administrator.
create table roadbase.admin_setup_links (
  -- SHA-256 of the token.
  token_hash bytea primary key,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null
);
