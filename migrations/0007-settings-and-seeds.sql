-- What installations set for their apps, and which records came from seeds.

create table roadbase.app_settings (
  app        text collate "C" not null references roadbase.apps on delete cascade,
  name       text collate "C" not null,
  value      jsonb,
  sealed     bytea,
  updated_at timestamptz(3) not null default now(),
  updated_by text,
  primary key (app, name),
  check ((value is null) <> (sealed is null))
);
comment on table roadbase.app_settings is
  'Values that differ from the document''s defaults. A name that the document does not have (any more) is kept for a rollback.';
comment on column roadbase.app_settings.sealed is
  'The JSON text of a secret, sealed with a key derived from the master key (AES-256-GCM).';

create table roadbase.seeds (
  app        text collate "C" not null references roadbase.apps on delete cascade,
  seed_set   text collate "C" not null,
  name       text collate "C" not null,
  position   integer not null,
  collection text collate "C" not null,
  id         text collate "C" not null,
  primary key (app, seed_set, name, position)
);
comment on table roadbase.seeds is
  'Which record each entry of seed.yaml has become: seeding again makes no second one, also of a record that was deleted since.';

revoke all on all tables in schema roadbase from public;
