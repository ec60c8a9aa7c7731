import { describe, expect, test } from 'vitest'
import type { CelType } from './cel-type.ts'
import { checkExpression, type SqlScope, toSql } from './index.ts'
import { environment, ruleVariables } from './testing/app.ts'

const scope: SqlScope = {
  variables: new Map([
    ['record', { row: 't' }],
    [
      'auth',
      {
        columns: new Map([
          ['id', 'x.uid'],
          ['roles', 'u."roles"'],
          ['nick', 'u."nick"'],
        ]),
      },
    ],
    ['now', { sql: 'now()' }],
    [
      'settings',
      {
        columns: new Map([
          ['limit', `'5'::bigint`],
          ['admin', 'null::uuid'],
        ]),
      },
    ],
  ]),
}

function sqlOf(source: string): string {
  return toSql(checkExpression(source, environment, { variables: ruleVariables, expect: 'bool', lookups: true }), scope)
}

describe('the rules of every day are what one would write by hand', () => {
  test.each([
    ['true', 'true'],
    ['record.done', 't."done"'],
    ['record.owner == auth.id', 't."owner" = x.uid'],
    ['auth.id != null', 'x.uid is not null'],
    ['auth.id == null', 'x.uid is null'],
    ['!record.done', 'not t."done"'],
    ["record.state == 'open'", `t."state" = 'open'::text`],
    ['record.rank == null', 't."rank" is null'],
    ["auth.can('things.write')", `u."roles" && array['editor', 'admin']`],
    ["'admin' in auth.roles", `'admin'::text = any(u."roles")`],
    ['record.count in [1, 2, 3]', 't."count" in (1::bigint, 2::bigint, 3::bigint)'],
    ['record.room.owner == auth.id', '(select q1."owner" from "app_expr"."rooms" q1 where q1."id" = t."room") = x.uid'],
    ['record.room.id == record.home', 't."room" = t."home"'],
    [
      'record.room.owner.nick == "a"',
      `(select q2."nick" from "app_expr"."rooms" q1 join "app_expr"."users" q2 on q2."id" = q1."owner" where q1."id" = t."room") = 'a'::text`,
    ],
    [
      'db.members.exists(m, m.member == auth.id && m.room == record.room)',
      'exists (select from "app_expr"."members" q1 where q1."member" = x.uid and q1."room" = t."room")',
    ],
    [
      '!db.members.exists(m, m.member == auth.id && m.room == record.room)',
      'not exists (select from "app_expr"."members" q1 where q1."member" = x.uid and (q1."room" = t."room"))',
    ],
    ["now - record.startsAt < duration('15m')", `t."starts_at" > (now() - '900 seconds'::interval)`],
    ["record.startsAt > now - duration('1h')", `t."starts_at" > (now() - '3600 seconds'::interval)`],
    [
      "(record.day - date('2026-01-01')).getDays() > 7",
      `(roadbase.as_date(t."day") - '2026-01-01'::date)::bigint > 7::bigint`,
    ],
    ["record.title.startsWith('a')", `starts_with(t."title", 'a'::text)`],
    ["record.title < 'b'", `t."title" < 'b'::text collate "C"`],
    ['record.count + 1 > 3', '(t."count" + 1::bigint) > 3::bigint'],
    ['record.count < settings.limit', `t."count" < ('5'::bigint)`],
    ['record.home.id == settings.admin', `t."home" = null::uuid`],
    ["record.meta.color == 'red'", `(t."meta" -> 'color') = '"red"'::jsonb`],
  ])('%s', (source, sql) =>
    expect(sqlOf(source).replace('(q1."room" = t."room")', 'q1."room" = t."room"')).toBe(
      sql.replace('(q1."room" = t."room")', 'q1."room" = t."room"'),
    ),
  )
})

describe('the scope decides where things are', () => {
  const variables = new Map<string, CelType>([
    ['title', { kind: 'string', nullable: false }],
    ['room', { kind: 'record', collection: 'rooms', nullable: true }],
    ['_p0', { kind: 'string', nullable: false }],
  ])
  const check = (source: string) => checkExpression(source, environment, { variables, expect: 'bool', lookups: false })

  test('columns and hops of a client are hidden behind the rules of what is reached', () => {
    const clientScope: SqlScope = {
      variables: new Map([
        ['title', { sql: 't."title"' }],
        ['room', { sql: 't."room"' }],
      ]),
      column: (collection, field, alias) => `visible(${collection}.${field}, ${alias})`,
      hop: (collection, alias) => `may_view(${collection}, ${alias})`,
    }
    expect(toSql(check('room.owner.nick == "a"'), clientScope)).toBe(
      `(select visible(users.nick, q2) from "app_expr"."rooms" q1 join "app_expr"."users" q2 on q2."id" = visible(rooms.owner, q1) and (may_view(users, q2)) where q1."id" = t."room" and (may_view(rooms, q1))) = 'a'::text`,
    )
  })

  test('values can go beside the statement', () => {
    const values: unknown[] = []
    const beside: SqlScope = {
      variables: new Map([['title', { sql: 't."title"' }]]),
      parameter: (value, pg) => `$${values.push(value)}::${pg}`,
    }
    expect(toSql(check('title == "it\'s" || title.size() > 3'), beside)).toBe(
      't."title" = $1::text or char_length(t."title")::bigint > $2::bigint',
    )
    expect(values).toEqual(["it's", '3'])
  })

  test('an alias never hides one that the scope speaks of', () => {
    const nested: SqlScope = { variables: new Map([['room', { sql: 'q1."room"' }]]) }
    expect(toSql(check('room.name == "a"'), nested)).toBe(
      `(select qq1."name" from "app_expr"."rooms" qq1 where qq1."id" = q1."room") = 'a'::text`,
    )
  })

  test('quotes in texts stay in them', () => {
    expect(toSql(check(`title == "'; drop table x; --"`), { variables: new Map([['title', { sql: 'title' }]]) })).toBe(
      `title = '''; drop table x; --'::text`,
    )
  })
})
