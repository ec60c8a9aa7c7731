import type { Step } from '../../../apps/section.ts'
import { below } from '../../../errors/pointer.ts'
import * as sql from '../sql.ts'
import type { ViewShape } from '../table-shape.ts'
import { canonical } from './objects.ts'

export type Views = Readonly<Record<string, ViewShape>>

export interface ChangedViews {
  /** Before anything happens to the tables: PostgreSQL changes no column that a view shows. */
  readonly drop: readonly Step[]
  /** When all tables are as they are to be. */
  readonly create: readonly Step[]
  /** A name means something else afterwards. */
  readonly isRedefined: boolean
}

/**
 * Views hold nothing, so they are never changed: what differs, or reads a table that does (`touched`, as it was called), goes
 * and is made anew, and with it what reads it.
 */
export function changeViews(before: Views, after: Views, touched: ReadonlySet<string>, schema: string): ChangedViews {
  const stays = new Set<string>()
  for (const [name, view] of inOrder(before)) {
    const next = after[name]
    const isSame = next !== undefined && canonical(definitionOf(next)) === canonical(definitionOf(view))
    const reads = view.reads.every((table) => !touched.has(table) && (stays.has(table) || !isView(before, table)))
    if (isSame && reads) stays.add(view.view)
  }
  const gone = inOrder(before).filter(([, { view }]) => !stays.has(view))
  const made = inOrder(after).filter(([, { view }]) => !stays.has(view))
  return {
    drop: gone.reverse().map(([name, view]) => dropStep(name, view, after[name] !== undefined, schema)),
    create: made.map(([name, view]) => createStep(name, view, before[name], schema)),
    isRedefined: made.some(([name, { query }]) => before[name] !== undefined && before[name].query !== query),
  }
}

function definitionOf({ view, query, materialized }: ViewShape): object {
  return { view, query, materialized }
}

function isView(views: Views, table: string): boolean {
  return Object.values(views).some(({ view }) => view === table)
}

/** What is read comes before what reads it. */
function inOrder(views: Views): [string, ViewShape][] {
  const ordered = new Map<string, ViewShape>()
  const add = ([name, shape]: [string, ViewShape]) => {
    if (ordered.has(name)) return
    for (const other of Object.entries(views)) if (shape.reads.includes(other[1].view)) add(other)
    ordered.set(name, shape)
  }
  for (const entry of Object.entries(views)) add(entry)
  return [...ordered]
}

function dropStep(name: string, shape: ViewShape, comesBack: boolean, schema: string): Step {
  return {
    title: comesBack ? `take view ${name} away` : `drop view ${name}`,
    sql: sql.dropQuery(schema, shape),
    pointer: below('/collections', name, 'view'),
    blocks: 'everything',
    ...(comesBack ? {} : { change: { action: 'drop', kind: 'view', name } }),
  }
}

function createStep(name: string, shape: ViewShape, former: ViewShape | undefined, schema: string): Step {
  const isSame = former !== undefined && canonical(definitionOf(former)) === canonical(definitionOf(shape))
  return {
    title: former === undefined ? `create view ${name}` : isSame ? `bring view ${name} back` : `change view ${name}`,
    sql: sql.createView(schema, shape),
    pointer: below('/collections', name, 'view'),
    blocks: 'everything',
    ...(isSame ? {} : { change: { action: former === undefined ? 'create' : 'change', kind: 'view', name } }),
  }
}
