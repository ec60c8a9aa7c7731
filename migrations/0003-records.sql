-- Keys of creates that must happen once. A row is written in the transaction of the record it stands for.
create table roadbase.idempotency_keys (
  app text not null,
  user_id uuid not null,
  route text not null,
  key text not null,
  fingerprint text not null,
  record_id text,
  version bigint,
  created_at timestamptz not null default now(),
  primary key (app, user_id, route, key)
);

create index idempotency_keys_created_at on roadbase.idempotency_keys (created_at);
