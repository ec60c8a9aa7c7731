-- Operators of PostgreSQL raise where a result does not fit; in expressions of documents and clients that is no reason to
-- fail a statement, let alone the neighbours in it. These give NULL instead. They read nothing and may be in constraints
-- and indexes. (A handler of exceptions can't run in a parallel worker.)

create function roadbase.add(a double precision, b double precision) returns double precision
  language plpgsql immutable strict parallel unsafe
  as $$ begin return a + b; exception when data_exception then return null; end $$;

create function roadbase.subtract(a double precision, b double precision) returns double precision
  language plpgsql immutable strict parallel unsafe
  as $$ begin return a - b; exception when data_exception then return null; end $$;

create function roadbase.multiply(a double precision, b double precision) returns double precision
  language plpgsql immutable strict parallel unsafe
  as $$ begin return a * b; exception when data_exception then return null; end $$;

create function roadbase.divide(a double precision, b double precision) returns double precision
  language plpgsql immutable strict parallel unsafe
  as $$ begin return a / b; exception when data_exception then return null; end $$;

-- Instants end with the year 9999, durations at 10,000 years. A duration is added as one amount of milliseconds: days first
-- and hours after them, as PostgreSQL does it, may leave the calendar on the way.
create function roadbase.add(a timestamptz, b interval) returns timestamptz
  language plpgsql immutable strict parallel unsafe
  as $$
declare
  result timestamptz;
begin
  result := (a + (extract(epoch from b) * 1000)::bigint * interval '1 millisecond')::timestamptz(3);
  return case when result between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z' then result end;
exception when data_exception then
  return null;
end
$$;

create function roadbase.subtract(a timestamptz, b interval) returns timestamptz
  language plpgsql immutable strict parallel unsafe
  as $$
declare
  result timestamptz;
begin
  result := (a - (extract(epoch from b) * 1000)::bigint * interval '1 millisecond')::timestamptz(3);
  return case when result between '0001-01-01T00:00:00Z' and '9999-12-31T23:59:59.999Z' then result end;
exception when data_exception then
  return null;
end
$$;

create function roadbase.subtract(a timestamptz, b timestamptz) returns interval
  language plpgsql immutable strict parallel unsafe
  as $$ begin return a - b; exception when data_exception then return null; end $$;

create function roadbase.add(a interval, b interval) returns interval
  language plpgsql immutable strict parallel unsafe
  as $$
declare
  result interval;
begin
  result := a + b;
  return case when abs(extract(epoch from result)) <= 315576000000 then result end;
exception when data_exception then
  return null;
end
$$;

create function roadbase.subtract(a interval, b interval) returns interval
  language plpgsql immutable strict parallel unsafe
  as $$
declare
  result interval;
begin
  result := a - b;
  return case when abs(extract(epoch from result)) <= 315576000000 then result end;
exception when data_exception then
  return null;
end
$$;

-- Zones are those of the machine's own list where PostgreSQL was built that way, and it may lack some.
create function roadbase.date_part(part text, instant timestamptz, zone text) returns bigint
  language plpgsql immutable strict parallel unsafe
  as $$
begin
  if part = 'millisecond' then
    return date_part('milliseconds', instant at time zone zone)::bigint % 1000;
  end if;
  return trunc(date_part(part, instant at time zone zone))::bigint;
exception when data_exception then
  return null;
end
$$;

create function roadbase.date_part(part text, day date) returns bigint
  language plpgsql immutable strict parallel unsafe
  as $$ begin return date_part(part, day)::bigint; exception when data_exception then return null; end $$;

create function roadbase.local_date(instant timestamptz, zone text) returns date
  language plpgsql immutable strict parallel unsafe
  as $$ begin return (instant at time zone zone)::date; exception when data_exception then return null; end $$;
