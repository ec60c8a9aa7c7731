-- What a computed field can not hold is an error of its expression, and errors are NULL: nobody's write fails for it.
-- Not strict, so that PostgreSQL puts their bodies in place of the calls.

create function roadbase.as_integer(value bigint) returns bigint
  language sql immutable parallel safe
  return case when value between -9007199254740991 and 9007199254740991 then value end;
comment on function roadbase.as_integer(bigint) is 'The value, where a JSON number holds it exactly; NULL elsewhere.';

create function roadbase.as_decimal(value numeric, scale integer) returns numeric
  language sql immutable parallel safe
  return case when abs(round(value, scale)) < 10::numeric ^ (38 - scale) then round(value, scale) end;
comment on function roadbase.as_decimal(numeric, integer) is 'The value rounded to the digits behind the point, where 38 digits hold it; NULL elsewhere.';

create function roadbase.as_date(value date) returns date
  language sql immutable parallel safe
  return case when value between '0001-01-01' and '9999-12-31' then value end;
comment on function roadbase.as_date(date) is 'The value, where it is a day of the calendar of RFC 3339; NULL elsewhere.';

create function roadbase.as_duration(value interval) returns interval
  language sql immutable parallel safe
  return case when value >= interval '0' then value end;
comment on function roadbase.as_duration(interval) is 'The value, where it is one that a field can be sent; NULL for less than nothing.';
