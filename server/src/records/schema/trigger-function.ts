import { createHash } from 'node:crypto'
import { quoteName, quoteText } from '../../db/quote.ts'
import type { TriggerShape } from './table-shape.ts'

/**
 * What a trigger runs, as a function of its own: PostgreSQL keeps the plans of its statements, where a function for all tables has to plan
 * texts that it puts together anew with each call. Its name has a digest of what it does, so another body is another function, and
 * one that lies hidden with its table is in nobody's way.
 */
export function ownFunction(
  schema: string,
  name: string,
  body: string,
  when?: string,
): Pick<TriggerShape, 'action' | 'body'> {
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
  const call = `${EXECUTE}${quoteName(schema)}.${quoteName(`${name}__${digest}`)}()`
  return { action: when === undefined ? call : `when (${when}) ${call}`, body }
}

/** The statements that make it; nothing for a function of the system. As the owner: who writes records needs no right to what it writes. */
export function createFunction({ action, body }: TriggerShape): string[] {
  if (body === undefined) return []
  const name = calledBy(action)
  return [
    `create or replace function ${name} returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $run$
${body}
$run$`,
    `revoke all on function ${name} from public`,
  ]
}

/** Unless another trigger runs it, too: that of a table out of sight. */
export function dropFunction({ action, body }: TriggerShape): string[] {
  if (body === undefined) return []
  const name = calledBy(action)
  return [
    `do $idle$
begin
  if not exists (select from pg_trigger where tgfoid = to_regprocedure(${quoteText(name)})) then
    drop function if exists ${name};
  end if;
end
$idle$`,
  ]
}

function calledBy(action: string): string {
  return action.slice(action.lastIndexOf(EXECUTE) + EXECUTE.length)
}

const EXECUTE = 'execute function '
