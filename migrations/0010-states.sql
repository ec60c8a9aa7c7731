-- States of records: made in the first one, moved by declared transitions only.
create function roadbase.refuse_state() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    raise exception 'no record begins in the state "%"', to_jsonb(new) ->> tg_argv[0]
      using errcode = 'RB011', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0],
      hint = 'Where records are restored: set local roadbase.any_state = on';
  end if;
  raise exception 'no transition leads from the state "%" to "%"', to_jsonb(old) ->> tg_argv[0], to_jsonb(new) ->> tg_argv[0]
    using errcode = 'RB011', schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;
comment on function roadbase.refuse_state() is
  'BEFORE INSERT OR UPDATE with a WHEN clause that knows the first state and the transitions, argument: the column. Raises RB011.';
revoke all on function roadbase.refuse_state() from public;
