-- Two things that hold for every writer: records that are only added to, and entries that add up to zero.

create function roadbase.refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception 'records of "%" are only added', tg_table_name
    using errcode = 'RB003', schema = tg_table_schema, table = tg_table_name;
end
$$;
comment on function roadbase.refuse_change() is 'BEFORE UPDATE, DELETE or TRUNCATE. Raises RB003.';

-- Groups that a statement of a transaction under way has put out of balance: what is looked at again when it commits. Nothing of it is
-- ever committed, so it need not survive a crash.
create unlogged table roadbase.ledger_groups (
  xact      xid8 not null default pg_current_xact_id(),
  relation  oid not null,
  -- Of `condition`, which may be longer than an index takes.
  digest    bytea not null,
  -- The group, as SQL over its entries.
  condition text not null,
  -- The column that is summed up, quoted.
  total     text not null,
  primary key (xact, relation, digest)
);
comment on table roadbase.ledger_groups is 'Empty but for transactions under way.';

create function roadbase.note_ledger() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  added text := 'select ' || tg_argv[1] || ', ' || tg_argv[0] || '::numeric as amount__ from new_rows';
  taken text := 'select ' || tg_argv[1] || ', -' || tg_argv[0] || '::numeric as amount__ from old_rows';
begin
  -- A statement that adds up by itself, in each group, leaves its groups as they were.
  execute 'insert into roadbase.ledger_groups (relation, digest, condition, total)
    select $1, sha256(convert_to(c, ''UTF8'')), c, $2
    from (select ' || tg_argv[2] || ' as c from ('
      || case tg_op when 'INSERT' then added when 'DELETE' then taken else added || ' union all ' || taken end
      || ') as changed group by ' || tg_argv[1] || ' having sum(amount__) <> 0) as groups
    on conflict do nothing'
    using tg_relid, tg_argv[0];
  return null;
end
$$;
comment on function roadbase.note_ledger() is
  'AFTER INSERT, UPDATE or DELETE, FOR EACH STATEMENT, with the transition tables new_rows and old_rows. Arguments, all SQL: the column '
  'that is summed up, the columns of the group, and an expression over them that makes the condition which all of the group meet.';

create function roadbase.check_ledger() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  difference numeric;
begin
  delete from roadbase.ledger_groups where xact = new.xact and relation = new.relation and digest = new.digest;
  execute 'select coalesce(sum(' || new.total || '::numeric), 0) from ' || new.relation::regclass || ' where ' || new.condition
    into difference;
  if difference <> 0 then
    raise exception 'entries of "%" do not add up to zero', new.relation::regclass
      using errcode = 'RB004', detail = difference::text, table = (select relname from pg_class where oid = new.relation);
  end if;
  return null;
end
$$;
comment on function roadbase.check_ledger() is 'When a transaction commits, once for each group that it has changed. Raises RB004.';

create constraint trigger check_ledger after insert on roadbase.ledger_groups
  deferrable initially deferred for each row execute function roadbase.check_ledger();

revoke all on all tables in schema roadbase from public;
revoke all on function roadbase.refuse_change(), roadbase.note_ledger(), roadbase.check_ledger() from public;
