-- A row that is due and not swept yet may still change: a foreign key sets it to null. Its time stays what it was.

create or replace function roadbase.refuse_expired() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) -> tg_argv[0] = to_jsonb(old) -> tg_argv[0] then
    return new;
  end if;
  raise exception 'column "%" would let the row expire at once', tg_argv[0]
    using errcode = 'RB012', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;

-- Records end by a delete, or by their time, which is told as what it is.

create or replace function roadbase.sweep_history(history regclass, keep interval, most bigint) returns bigint
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
    '  select distinct on (n.id) n.id, n.history__id + (n.history__action in (''delete'', ''expire''))::int as next from %1$s n '
    '  where n.history__id > $1 and n.history__id <= $2 order by n.id, n.history__id desc) n '
    'where o.id = n.id and o.history__id < n.next', history)
    using from_, until_;
  update roadbase.history_sweeps s set seen = until_ where s.history = sweep_history.history;
  return until_ - from_;
end
$$;
