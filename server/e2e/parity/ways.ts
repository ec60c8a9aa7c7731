import type { Answer, Caller } from '../client.ts'

/** A record that is asked for, and what leads to it. */
export interface Subject {
  readonly collection: string
  readonly id: string
  /** An older record beside it, without a text. */
  readonly empty: string
  /** Its key, which whoever sees the record may know. */
  readonly name: string
  /** Its text, which is what is covered. */
  readonly token: string
  /** Everybody sees it; the record refers to it. */
  readonly hub: string
  /** Everybody sees these, too. This one refers to the record, `beside` to the older one. */
  readonly pointer: string
  readonly beside: string
  /** Its organisation, where it has to have one. */
  readonly org?: string
}

export interface Read {
  readonly method?: 'GET' | 'HEAD' | 'PATCH' | 'DELETE'
  readonly path: (subject: Subject) => string
  readonly body?: object
  /** What is in the answer if, and only if, the record or its text has been looked at; of a HEAD nothing is but its status. */
  readonly mark?: (subject: Subject) => string | RegExp
}

const query = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString()
const equals = ({ token }: Subject) => `text == '${token}'`
/** Both records of the subject, and no others. */
const both = ({ name }: Subject) => `key in ['${name}', 'empty-${name}']`
const token = ({ token: text }: Subject) => text
const id = ({ id: of }: Subject) => of
const first = ({ id: of }: Subject) => new RegExp(`^\\{"items":\\[\\{"id":"${of}"`)

/** Every way to see something of a record, by its name in the table. */
export const reading: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['get', { path: (s) => `/${s.collection}/${s.id}`, mark: token }],
  ['get one field', { path: (s) => `/${s.collection}/${s.id}?fields=text`, mark: token }],
  ['list', { path: (s) => `/${s.collection}?limit=100`, mark: token }],
  ['list one field', { path: (s) => `/${s.collection}?limit=100&fields=text`, mark: token }],
  ['filter', { path: (s) => `/${s.collection}?${query({ fields: 'id', filter: equals(s) })}`, mark: id }],
  [
    'filter that negates',
    { path: (s) => `/${s.collection}?${query({ fields: 'id', filter: `!(text != '${s.token}')` })}`, mark: id },
  ],
  [
    'sort',
    {
      path: (s) => `/${s.collection}?${query({ fields: 'id', sort: 'text:nullsLast', filter: both(s) })}`,
      mark: first,
    },
  ],
  [
    'count',
    {
      path: (s) => `/${s.collection}?${query({ count: 'exact', filter: `key == '${s.name}'` })}`,
      mark: () => '"total":1',
    },
  ],
  ['exists', { method: 'HEAD', path: (s) => `/${s.collection}?${query({ filter: equals(s) })}` }],
  ['search', { path: (s) => `/${s.collection}?${query({ fields: 'id', search: s.token })}`, mark: id }],
  ['highlight', { path: (s) => `/${s.collection}?${query({ search: s.token, highlight: 'true' })}`, mark: token }],
  [
    'search: count',
    {
      path: (s) => `/${s.collection}/-aggregate?${query({ select: 'count as n', search: s.token })}`,
      mark: () => '"n":1',
    },
  ],
  [
    'search: groups',
    { path: (s) => `/${s.collection}/-aggregate?${query({ groupBy: 'key', search: s.token })}`, mark: (s) => s.name },
  ],
  [
    'search: values',
    { path: (s) => `/${s.collection}/-distinct?${query({ field: 'key', search: s.token })}`, mark: (s) => s.name },
  ],
  ['search: export', { path: (s) => `/${s.collection}/-export?${query({ fields: 'id', search: s.token })}`, mark: id }],
  ['expand', { path: (s) => `/pointers/${s.pointer}?expand=${s.collection}`, mark: token }],
  ['expand one field', { path: (s) => `/pointers/${s.pointer}?expand=${s.collection}(fields:text)`, mark: token }],
  ['expand a list of references', { path: (s) => `/pointers/${s.pointer}?expand=${s.collection}List`, mark: token }],
  ['expand a relation back', { path: (s) => `/hubs/${s.hub}?expand=${s.collection}(limit:100)`, mark: token }],
  [
    'filter within an expand',
    { path: (s) => `/hubs/${s.hub}?${query({ expand: `${s.collection}(fields:id;filter:${equals(s)})` })}`, mark: id },
  ],
  [
    'sort within an expand',
    {
      path: (s) =>
        `/hubs/${s.hub}?${query({ expand: `${s.collection}(fields:id;sort:text:nullsLast;filter:${both(s)})` })}`,
      mark: (s) => new RegExp(`"${s.collection}":\\[\\{"id":"${s.id}"`),
    },
  ],
  [
    'filter over a relation',
    {
      path: (s) => `/pointers?${query({ fields: 'id', filter: `${s.collection}.${equals(s)}` })}`,
      mark: (s) => s.pointer,
    },
  ],
  [
    'filter over a list',
    {
      path: (s) => `/pointers?${query({ fields: 'id', filter: `${s.collection}List.exists(x, x.${equals(s)})` })}`,
      mark: (s) => s.pointer,
    },
  ],
  [
    'filter over a relation back',
    {
      path: (s) => `/hubs?${query({ fields: 'id', filter: `${s.collection}.exists(x, x.${equals(s)})` })}`,
      mark: (s) => s.hub,
    },
  ],
  [
    'filter by what it refers to',
    {
      path: (s) =>
        `/${s.collection}?${query({ fields: 'id', filter: `hub.name == '${s.name}' && key == '${s.name}'` })}`,
      mark: id,
    },
  ],
  [
    'sort over a relation',
    {
      path: (s) =>
        `/pointers?${query({ fields: 'id', sort: `${s.collection}.text:nullsLast`, filter: `name == '${s.name}'` })}`,
      mark: (s) => new RegExp(`^\\{"items":\\[\\{"id":"${s.pointer}"`),
    },
  ],
  ['aggregate: groups', { path: (s) => `/${s.collection}/-aggregate?groupBy=text`, mark: token }],
  [
    'aggregate: least',
    { path: (s) => `/${s.collection}/-aggregate?${query({ select: 'min(text)', filter: both(s) })}`, mark: token },
  ],
  [
    'aggregate: greatest',
    { path: (s) => `/${s.collection}/-aggregate?${query({ select: 'max(text)', filter: both(s) })}`, mark: token },
  ],
  [
    'aggregate: count of values',
    {
      path: (s) => `/${s.collection}/-aggregate?${query({ select: 'count(text) as n', filter: both(s) })}`,
      mark: () => '"n":1',
    },
  ],
  [
    'aggregate: filter',
    {
      path: (s) => `/${s.collection}/-aggregate?${query({ select: 'count as n', filter: equals(s) })}`,
      mark: () => '"n":1',
    },
  ],
  [
    'aggregate: expression',
    {
      path: (s) => `/${s.collection}/-aggregate?${query({ select: `max(text + '!') as n`, filter: both(s) })}`,
      mark: token,
    },
  ],
  ['aggregate over a relation', { path: (s) => `/pointers/-aggregate?groupBy=${s.collection}.text`, mark: token }],
  [
    'groups by what it refers to',
    {
      path: (s) => `/${s.collection}/-aggregate?${query({ groupBy: 'hub.name', filter: `key == '${s.name}'` })}`,
      mark: (s) => s.name,
    },
  ],
  ['distinct', { path: (s) => `/${s.collection}/-distinct?field=text`, mark: token }],
  ['distinct over a relation', { path: (s) => `/pointers/-distinct?field=${s.collection}.text`, mark: token }],
  ['export as JSON lines', { path: (s) => `/${s.collection}/-export`, mark: token }],
  ['export as JSON', { path: (s) => `/${s.collection}/-export?format=json`, mark: token }],
  ['export as CSV', { path: (s) => `/${s.collection}/-export?format=csv`, mark: token }],
  ['export one field', { path: (s) => `/${s.collection}/-export?fields=text`, mark: token }],
  [
    'export by filter',
    { path: (s) => `/${s.collection}/-export?${query({ fields: 'id', filter: equals(s) })}`, mark: id },
  ],
  [
    'export sorted',
    {
      path: (s) => `/${s.collection}/-export?${query({ fields: 'id', sort: 'text:nullsLast', filter: both(s) })}`,
      mark: (s) => new RegExp(`^\\{"id":"${s.id}"`),
    },
  ],
  [
    'bulk update: how many match',
    {
      method: 'PATCH',
      path: (s) => `/${s.collection}?${query({ limit: '1', dryRun: 'true', filter: equals(s) })}`,
      body: { hub: null },
      mark: () => '"matched":1',
    },
  ],
  [
    'bulk delete: how many match',
    {
      method: 'DELETE',
      path: (s) => `/${s.collection}?${query({ limit: '1', dryRun: 'true', filter: equals(s) })}`,
      mark: () => '"matched":1',
    },
  ],
  ['transitions', { path: (s) => `/${s.collection}/${s.id}/-transitions`, mark: () => '"shut"' }],
  ['history', { path: (s) => `/${s.collection}/${s.id}/-history`, mark: token }],
  ['trash', { path: (s) => `/${s.collection}/-trash`, mark: token }],
  ['trash: filter', { path: (s) => `/${s.collection}/-trash?${query({ fields: 'id', filter: equals(s) })}`, mark: id }],
  [
    'trash: count',
    {
      path: (s) => `/${s.collection}/-trash?${query({ count: 'exact', filter: equals(s) })}`,
      mark: () => /"total":[1-9]/,
    },
  ],
])

/** `shown` or `absent`, or the status where it is 400. That something is not there is told by an empty answer, or as 404 or 401. */
export async function seen(
  caller: Caller,
  { method = 'GET', path, body, mark }: Read,
  subject: Subject,
): Promise<string> {
  const { status, text } = await caller.send(method, path(subject), body)
  if (status === 400) return '400'
  if (status >= 500) throw new Error(`${status} ${text}`)
  if (mark === undefined) return status < 300 ? 'shown' : 'absent'
  const sought = mark(subject)
  return (typeof sought === 'string' ? text.includes(sought) : sought.test(text)) ? 'shown' : 'absent'
}

export type Write = (caller: Caller, subject: Subject) => Promise<string>

/** Every way to change a record, or to find out by writing that there is one; gives `done` or the code of the problem. */
export const writing: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['update', (caller, s) => told(caller.send('PATCH', `/${s.collection}/${s.id}`, { text: 'new' }))],
  [
    'update, only asked',
    (caller, s) => told(caller.send('PATCH', `/${s.collection}/${s.id}?validate=only`, { text: 'new' })),
  ],
  ['JSON patch', (caller, s) => patch(caller, s, { op: 'add', path: '/text', value: 'new' })],
  ['JSON patch: guess', (caller, s) => patch(caller, s, { op: 'test', path: '/text', value: s.token })],
  ['JSON patch: copy', (caller, s) => patch(caller, s, { op: 'copy', from: '/text', path: '/note' })],
  ['replace', (caller, s) => told(caller.send('PUT', `/${s.collection}/${s.id}`, whole(s)))],
  ['delete', (caller, s) => told(caller.send('DELETE', `/${s.collection}/${s.id}`))],
  ['upsert by its key', (caller, s) => told(caller.send('PUT', `/${s.collection}?by=key`, whole(s)))],
  ['create with its key', (caller, s) => told(caller.send('POST', `/${s.collection}`, whole(s)))],
  ['bulk update', (caller, s) => changed(caller.send('PATCH', `/${s.collection}?${byKey(s)}`, { text: 'new' }))],
  ['bulk delete', (caller, s) => changed(caller.send('DELETE', `/${s.collection}?${byKey(s)}`))],
  ['transition', (caller, s) => told(caller.send('POST', `/${s.collection}/${s.id}/shut`))],
  ['batch: update', (caller, s) => batch(caller, { update: s.collection, id: s.id, data: { text: 'new' } })],
  [
    'batch: JSON patch',
    (caller, s) =>
      batch(caller, { update: s.collection, id: s.id, data: [{ op: 'add', path: '/text', value: 'new' }] }),
  ],
  ['batch: replace', (caller, s) => batch(caller, { replace: s.collection, id: s.id, data: whole(s) })],
  ['batch: delete', (caller, s) => batch(caller, { delete: s.collection, id: s.id })],
  ['batch: upsert', (caller, s) => batch(caller, { upsert: s.collection, by: 'key', data: whole(s) })],
  ['import by id', (caller, s) => imported(caller, `/${s.collection}/-import?mode=upsert`, { id: s.id, text: 'new' })],
  [
    'import by key',
    (caller, s) => imported(caller, `/${s.collection}/-import?mode=upsert&by=key`, { ...whole(s), text: 'new' }),
  ],
  ['refer to it', (caller, s) => told(caller.send('POST', '/pointers', { [s.collection]: s.id }))],
  ['refer to it in a list', (caller, s) => told(caller.send('POST', '/pointers', { [`${s.collection}List`]: [s.id] }))],
  [
    'add it to a list',
    (caller, s) => told(caller.send('PATCH', `/pointers/${s.beside}`, { [`${s.collection}List`]: { $append: s.id } })),
  ],
  ['batch: refer to it', (caller, s) => batch(caller, { create: 'pointers', data: { [s.collection]: s.id } })],
  ['import what refers to it', (caller, s) => imported(caller, '/pointers/-import', { [s.collection]: s.id })],
  [
    'import what refers to its key',
    (caller, s) => imported(caller, '/pointers/-import', { [s.collection]: { key: s.name } }),
  ],
  ['revert', (caller, s) => told(caller.send('POST', `/${s.collection}/${s.id}/-revert`, { version: 1 }))],
  ['restore', (caller, s) => told(caller.send('POST', `/${s.collection}/${s.id}/-restore`))],
  ['purge', (caller, s) => told(caller.send('DELETE', `/${s.collection}/${s.id}?purge=true`))],
])

const whole = (s: Subject) => ({ key: s.name, text: 'new', ...(s.org === undefined ? {} : { org: s.org }) })
const byKey = ({ name }: Subject) => query({ limit: '1', filter: `key == '${name}'` })

const patch = (caller: Caller, s: Subject, operation: object) =>
  told(caller.send('PATCH', `/${s.collection}/${s.id}`, [operation], { 'content-type': 'application/json-patch+json' }))

async function told(request: Promise<Answer>): Promise<string> {
  const { status, json } = await request
  return status < 300 ? 'done' : json.code
}

async function changed(request: Promise<Answer>): Promise<string> {
  const { status, json } = await request
  if (status >= 300) return json.code
  return json.changed === 1 ? 'done' : 'none'
}

const batch = (caller: Caller, operation: object) => told(caller.send('POST', '/batch', { operations: [operation] }))

async function imported(caller: Caller, path: string, record: object): Promise<string> {
  const { status, text, json } = await caller.send('POST', path, record, { 'content-type': 'application/jsonl' })
  if (status >= 300) return json.code
  const result = JSON.parse(text.trim().split('\n').at(-1) ?? '{}')
  return result.failed === 0 ? 'done' : result.errors[0].code
}
