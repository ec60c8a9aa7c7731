-- Views that keep their rows (`materialized`): when these were made, and what went wrong since.

create table roadbase.view_refreshes (
  app          text collate "C" not null references roadbase.apps on delete cascade,
  view         text collate "C" not null,
  refreshed_at timestamptz(3) not null,
  milliseconds integer,
  failed_at    timestamptz(3),
  error        text,
  primary key (app, view)
);
comment on table roadbase.view_refreshes is
  'When the rows of each view that keeps them were made, by its name in SQL: what was committed by then is in them. With what went wrong since.';

revoke all on roadbase.view_refreshes from public;
