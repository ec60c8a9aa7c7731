import { quoteName, quoteText } from '../../db/quote.ts'
import type { FieldModel, StatesModel } from '../model.ts'
import { objectName } from './naming.ts'
import type { TriggerShape } from './table-shape.ts'

/**
 * What keeps records in their states, whoever writes: they are made in the first one, and move along transitions. The conditions stand in
 * the triggers themselves, so a write that is right calls nothing.
 */
export function stateTriggers(
  table: string,
  { initial, transitions }: StatesModel,
  { column }: Pick<FieldModel, 'column'>,
): Record<string, TriggerShape> {
  const name = quoteName(column)
  const edges = new Set(
    [...transitions.values()].flatMap(({ from, to }) => from.map((state) => `(${quoteText(state)}, ${quoteText(to)})`)),
  )
  const moved = `(old.${name}, new.${name}) in (${[...edges].sort().join(', ')})`
  const refuse = `execute function roadbase.refuse_state(${quoteText(column)})`
  return {
    [objectName(table, 'state', ['insert'])]: {
      event: 'before insert',
      action: `when (new.${name} is distinct from ${quoteText(initial)} and coalesce(current_setting('${ANY_STATE}', true), '') <> 'on') ${refuse}`,
    },
    [objectName(table, 'state', ['update'])]: {
      event: `before update of ${name}`,
      action: `when (old.${name} is distinct from new.${name} and (${moved}) is not true) ${refuse}`,
    },
  }
}

/** Who sets it to `on` in a transaction makes records in any state: seeds, and people who restore data with psql. */
export const ANY_STATE = 'roadbase.any_state'
