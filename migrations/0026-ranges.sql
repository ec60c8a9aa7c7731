-- Ranges of expressions: from `a` on, until `b`, which is not in it. A null is no bound, and two of them bound nothing.
-- Where PostgreSQL's own functions raise (`a` behind `b`) or give the empty range, there is none: NULL.

create function roadbase.range(a date, b date) returns daterange
  language sql immutable parallel safe
  return case when a < b or (a is null) <> (b is null) then pg_catalog.daterange(a, b) end;

create function roadbase.range(a timestamptz, b timestamptz) returns tstzrange
  language sql immutable parallel safe
  return case when a < b or (a is null) <> (b is null) then pg_catalog.tstzrange(a, b) end;

create function roadbase.range(a bigint, b bigint) returns int8range
  language sql immutable parallel safe
  return case when a < b or (a is null) <> (b is null) then pg_catalog.int8range(a, b) end;

create function roadbase.range(a numeric, b numeric) returns numrange
  language sql immutable parallel safe
  return case when a < b or (a is null) <> (b is null) then pg_catalog.numrange(a, b) end;
