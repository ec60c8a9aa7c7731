-- What the operations of a batch wrote that was sent with an idempotency key, as JSON; a create has record_id and version.
alter table roadbase.idempotency_keys add column results text;
