-- The versions of records, in collections with `history`. The triggers that keep them are made with each collection; here is what forgets
-- those that were kept for long enough.

create table roadbase.history_sweeps (
  history  regclass primary key,
  -- The last entry that was seen to have taken the place of others for long enough.
  seen     bigint not null default 0
);
comment on table roadbase.history_sweeps is 'How far versions that nobody is to keep any longer were deleted, by the table of the history.';

-- A version is kept for as long as the document says after another has taken its place: so what a record was like at any moment of that time
-- stays known, and of a record that is not written its last version. So it goes through the entries in the order in which they were written,
-- each of them once, and deletes what each has replaced.
create function roadbase.sweep_history(history regclass, keep interval, most bigint) returns bigint
  language plpgsql set search_path = pg_catalog, pg_temp as $$
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
    '  select distinct on (n.id) n.id, n.history__id + (n.history__action = ''delete'')::int as next from %1$s n '
    '  where n.history__id > $1 and n.history__id <= $2 order by n.id, n.history__id desc) n '
    'where o.id = n.id and o.history__id < n.next', history)
    using from_, until_;
  update roadbase.history_sweeps s set seen = until_ where s.history = sweep_history.history;
  return until_ - from_;
end
$$;
comment on function roadbase.sweep_history(regclass, interval, bigint) is
  'Deletes versions whose place was taken longer ago than `keep`, and those of records that were deleted longer ago. Looks at so many entries at most, and tells at how many.';
revoke all on table roadbase.history_sweeps from public;
revoke all on function roadbase.sweep_history(regclass, interval, bigint) from public;
