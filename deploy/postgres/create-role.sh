#!/bin/sh
# Runs once, when the image of PostgreSQL makes a new cluster. Roadbase works as a role that owns its database and may make roles
# (each app has one), but is no superuser: it can read no files and reaches no other database.
set -eu
: "${ROADBASE_DATABASE_PASSWORD:?}"
psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password ROADBASE_DATABASE_PASSWORD
create role roadbase login createrole createdb replication password :'password';
grant pg_monitor to roadbase;
create database roadbase owner roadbase;
SQL
