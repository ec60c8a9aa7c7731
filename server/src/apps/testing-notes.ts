import { pointer } from '../errors/pointer.ts'
import type { Plan, PlanContext, Refusal, Remain, Step } from './section.ts'

/** What a document says of its notes: tables, each with its columns of text and those of them that are sorted. */
export type Notes = ReadonlyMap<string, Note>

export interface Note {
  readonly columns: readonly string[]
  readonly sorted: readonly string[]
}

/** Columns that were dropped from the document, by `table.column`: the hidden column, and the last version that had it. */
type Hidden = Readonly<Record<string, { readonly column: string; readonly version: number }>>

/**
 * Does with each kind of step what a real section does: columns appear only in empty tables, are hidden with consent and come back, indexes
 * are built before; a table that is dropped is refused.
 */
export function planNotes(live: unknown, model: Notes, { schema, version, remains }: PlanContext): Plan {
  const before = (live ?? {}) as Record<string, Note>
  const hidden: Record<string, { column: string; version: number }> = { ...(remains as Hidden | undefined) }
  const steps = [...model].flatMap(([name, note]): Step[] => {
    const table = `"${schema}"."${name}"`
    const old = before[name]
    if (old === undefined) return [createNotes(name, note, table)]
    const sorted = note.sorted.filter((column) => !old.sorted.includes(column))
    return [
      ...note.columns.filter((column) => !old.columns.includes(column)).map((column) => addColumn(name, column, table)),
      ...old.columns
        .filter((column) => !note.columns.includes(column))
        .map((column) => hideColumn(name, column, table)),
      ...sorted.map((column) => sortColumn(name, column, table, schema)),
    ]
  })
  return { steps, refusals: droppedTables(before, model), remains: hidden }

  function addColumn(name: string, column: string, table: string): Step {
    const found = hidden[`${name}.${column}`]
    const common = { pointer: pointer('notes', name, 'columns'), blocks: 'everything' } as const
    const of = { kind: 'column', name: `${name}.${column}` }
    if (found !== undefined) {
      delete hidden[`${name}.${column}`]
      const sql = `alter table ${table} rename "${found.column}" to "${column}"`
      return { ...common, title: `restore ${column} of ${name}`, sql, change: { action: 'restore', ...of } }
    }
    return {
      ...common,
      title: `add ${column} to ${name}`,
      sql: `alter table ${table} add "${column}" text not null`,
      change: { action: 'create', ...of },
      look: `select case when count(*) > 0 then count(*) || ' notes of ${name} have no ${column}' end as refusal from ${table}`,
    }
  }

  function hideColumn(name: string, column: string, table: string): Step {
    const away = `${column}_${version}`
    hidden[`${name}.${column}`] = { column: away, version: version - 1 }
    return {
      title: `hide ${column} of ${name}`,
      sql: `alter table ${table} rename "${column}" to "${away}";\nalter table ${table} alter "${away}" drop not null`,
      pointer: pointer('notes', name, 'columns'),
      change: { action: 'hide', kind: 'column', name: `${name}.${column}` },
      blocks: 'everything',
      consent: `${column} of ${name} is hidden`,
    }
  }
}

function createNotes(name: string, { columns }: Note, table: string): Step {
  return {
    title: `create notes ${name}`,
    sql: `create table ${table} (${columns.map((column) => `"${column}" text`).join(', ')})`,
    pointer: pointer('notes', name),
    change: { action: 'create', kind: 'notes', name },
  }
}

function sortColumn(name: string, column: string, table: string, schema: string): Step {
  const index = `${name}_${column}_sorted`
  return {
    title: `sort ${name} by ${column}`,
    sql: `create unique index concurrently "${index}" on ${table} ("${column}")`,
    pointer: pointer('notes', name, 'sorted'),
    change: { action: 'create', kind: 'index', name: index },
    work: { kind: 'build', table },
    before: { undo: `drop index concurrently if exists "${schema}"."${index}"` },
  }
}

function droppedTables(before: Readonly<Record<string, Note>>, model: Notes): readonly Refusal[] {
  return Object.keys(before)
    .filter((name) => !model.has(name))
    .map((name) => ({ pointer: pointer('notes', name), message: `the notes '${name}' would be lost` }))
}

export function listHiddenNotes(remains: unknown): readonly Remain[] {
  return Object.entries((remains ?? {}) as Hidden).map(([name, { version }]) => ({ kind: 'column', name, version }))
}

export function purgeNotes(remains: unknown, { schema }: { readonly schema: string }): readonly Step[] {
  return Object.entries((remains ?? {}) as Hidden).map(([name, { column }]) => ({
    title: `purge ${name}`,
    sql: `alter table "${schema}"."${name.split('.')[0]}" drop column "${column}"`,
  }))
}
