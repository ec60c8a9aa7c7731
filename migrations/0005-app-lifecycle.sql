-- Apps that are changed while they serve: who gave the live version, what lies hidden until it is purged, what a load that
-- was broken off has left, and which state of the folder of apps an act of an administrator has taken the place of.

alter table roadbase.apps
  add column origin text collate "C" not null default 'folder' check (origin in ('folder', 'api')),
  add column retired_at timestamptz(3),
  add column remains jsonb not null default '{}';
comment on column roadbase.apps.origin is
  'Who gave what is live: the folder of apps, whose app is not served when its folder is gone, or an administrator.';
comment on column roadbase.apps.retired_at is 'Not served since then; the data stay.';
comment on column roadbase.apps.remains is 'By section: what its plans have hidden, and nobody has purged.';

alter table roadbase.app_versions
  add column origin text collate "C" not null default 'folder' check (origin in ('folder', 'api')),
  add column seed json;
comment on column roadbase.app_versions.seed is 'The content of seed.yaml, beside the document.';

create table roadbase.unfinished_steps (
  app        text collate "C" not null references roadbase.apps on delete cascade,
  position   integer not null,
  undo       text not null,
  primary key (app, position)
);
comment on table roadbase.unfinished_steps is
  'What takes back the steps of a load that run before its transaction. Written before they run, deleted when that commits: what '
  'is here while nobody loads the app was left by a crash.';

-- Without a reference to the app: after it was dropped, the folder shall not bring it back.
create table roadbase.superseded_folders (
  slug        text collate "C" primary key,
  fingerprint text collate "C" not null,
  at          timestamptz(3) not null default now()
);
comment on table roadbase.superseded_folders is
  'The files of an app''s folder when an administrator loaded, rolled back, retired or dropped the app. As long as they stay as '
  'they are, that act counts; a change of the files takes its place.';

revoke all on all tables in schema roadbase from public;
