/**
 * The chat workload's statements, written by hand on the tables that Roadbase made.
 * `plain` knows no callers; `ruled` checks the session and the rule as columns of the same statement.
 */
const times = (alias: string) => `',"createdAt":"' || to_char(${alias}.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
|| '","updatedAt":"' || to_char(${alias}.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
|| '","version":' || ${alias}.version`

const record = (
  alias: string,
) => `'{"id":"' || ${alias}.id || '","owner":"' || ${alias}.owner || '","room":"' || ${alias}.room
|| '","data":' || to_json(${alias}.data)::text
|| ${times(alias)} || '}'`

const session = `left join roadbase.sessions s on s.id = x.sid and s.user_id = x.uid and s.app = 'chat' and s.revoked_at is null and s.expires_at > now()`

const isMember = (room: string) => `exists (select from app_chat.members m where m.member = x.uid and m.room = ${room})`

export const plain = {
  insert: `insert into app_chat.messages as t (id, owner, room, data)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) returning t.id, t.version, ${record('t')} as json`,
  read: `select t.id, t.version, ${record('t')} as json from app_chat.messages t where t.id = any($1::uuid[])`,
}

export const ruled = {
  insert: `insert into app_chat.messages as t (id, owner, room, data)
select x.id, x.uid, x.room, x.data
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[]) as x(id, uid, room, data, sid) ${session}
where s.id is not null and ${isMember('x.room')} on conflict do nothing returning t.id, t.version, ${record('t')} as json`,
  read: `select x.i::int, t.version, ${record('t')} as json
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as x(id, uid, sid, i) ${session}
left join app_chat.messages t on t.id = x.id and s.id is not null and x.uid is not null`,
  strict: `select x.i::int, t.version, ${record('t')} as json
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as x(id, uid, sid, i) ${session}
left join app_chat.secrets t on t.id = x.id and s.id is not null and ${isMember('t.room')}`,
  list: `select x.i::int, l.items from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as x(room, uid, sid, i) ${session}
left join lateral (select string_agg(q.j, ',') as items from (
select ${record('t')} as j from app_chat.messages t where t.room = x.room and x.uid is not null
order by t.created_at desc, t.id desc limit 20) q) l on s.id is not null`,
  expand: `select x.i::int, l.items from unnest($1::uuid[], $2::uuid[]) with ordinality as x(uid, sid, i) ${session}
left join lateral (select string_agg('{"id":"' || r.id || '","name":' || to_json(r.name)::text || ${times('r')}
|| ',"expand":{"messages":[' || coalesce(m.items, '') || ']}}', ',' order by r.id) as items
from (select * from app_chat.rooms o where x.uid is not null order by o.id limit 20) r
cross join lateral (select string_agg(q.j, ',') as items from (select ${record('t')} as j from app_chat.messages t where t.room = r.id
order by t.created_at desc, t.id desc limit 5) q) m) l on s.id is not null`,
  update: `with x as materialized (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::uuid[]) as x(id, uid, data, version, sid)),
l as materialized (select o.id from app_chat.messages o where o.id in (select x.id from x) order by o.id for no key update skip locked)
update app_chat.messages as t set data = x.data from x join l on l.id = x.id ${session}
where t.id = x.id and s.id is not null and t.owner = x.uid and t.version = x.version
returning t.id, t.version, ${record('t')} as json`,
}
