-- Checks, and the conditions of keys, indexes and exclusions, are evaluated in the role of whoever writes, which is that of an app when
-- its SQL does. The schema stays closed to it: what is allowed here is to compute, not to name anything.

grant execute on function
  roadbase.add(double precision, double precision),
  roadbase.subtract(double precision, double precision),
  roadbase.multiply(double precision, double precision),
  roadbase.divide(double precision, double precision),
  roadbase.add(timestamptz, interval),
  roadbase.subtract(timestamptz, interval),
  roadbase.subtract(timestamptz, timestamptz),
  roadbase.add(interval, interval),
  roadbase.subtract(interval, interval),
  roadbase.date_part(text, timestamptz, text),
  roadbase.date_part(text, date),
  roadbase.local_date(timestamptz, text)
to public;

-- What computes fields is a function of each table, and names functions of the system: it runs as the owner of both, as the functions of all
-- other triggers do. New ones are made so.
do $$
declare
  computing regprocedure;
begin
  for computing in
    select p.oid::regprocedure from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgname = '~compute' and not p.prosecdef
  loop
    execute format('alter function %s security definer set search_path = pg_catalog, pg_temp', computing);
  end loop;
end
$$;
