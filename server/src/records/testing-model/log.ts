import type { OpenDatabase } from '../../db/open-database.ts'
import { FREE_COLUMN } from '../schema/naming.ts'
import { COLLECTIONS, isSoft, type Name, type Row } from './document.ts'

/** One row that a committed transaction has written, in the order in which rows were written. */
export interface Event {
  readonly of: Name
  /** Where: among the living, or in the trash. */
  readonly place: 'living' | 'trash'
  readonly act: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly transaction: string
  readonly before: Row | undefined
  readonly after: Row | undefined
}

/** What a row of a trash has beside the record. */
export interface Deleted {
  readonly deleted_by: string | null
  readonly deletion__id: string
  readonly deletion__root: boolean
}

/** Notes every row that is written, behind all that the document has made; `schema` is unquoted. */
export async function startLog(db: OpenDatabase, schema: string): Promise<void> {
  const tables = COLLECTIONS.flatMap((name) => (isSoft(name) ? [name, `${name}__trash`] : [name]))
  await db.once(`
    create table "${schema}"."log" (
      seq bigint generated always as identity, tx text default pg_current_xact_id()::text, tab text, act text, before jsonb, after jsonb);
    create function "${schema}"."note"() returns trigger language plpgsql security definer as $$
    begin
      insert into "${schema}"."log" (tab, act, before, after) values (tg_table_name, tg_op,
        case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
      return null;
    end $$;
    ${tables.map((table) => `create trigger zz_note after insert or update or delete on "${schema}"."${table}" for each row execute function "${schema}"."note"();`).join('\n')}`)
}

/** All since the last time, in order. */
export async function takeLog(db: OpenDatabase, schema: string): Promise<readonly Event[]> {
  const rows = await db.once<{ tx: string; tab: string; act: Event['act']; before: string; after: string }>(
    `with all_of_it as (delete from "${schema}"."log" returning *)
     select tx, tab, act, before::text, after::text from all_of_it order by seq`,
  )
  return rows.map(({ tx, tab, act, before, after }): Event => {
    const [of = '', trash] = tab.split('__')
    return {
      of: of as Name,
      place: trash === undefined ? 'living' : 'trash',
      act,
      transaction: tx,
      before: rowOf(before),
      after: rowOf(after),
    }
  })
}

/** Keys that the document does not name are in it like its fields. */
export function rowOf(text: string | null): Row | undefined {
  if (text === null) return undefined
  const {
    created_at: _created,
    updated_at: _updated,
    deleted_at: _deleted,
    [FREE_COLUMN]: free,
    ...row
  } = JSON.parse(text)
  return { ...row, ...free } as Row
}
