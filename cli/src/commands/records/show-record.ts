import type { Output } from '../../output/create-output.ts'
import { renderFields } from '../../output/table.ts'

/** A record as the result: a line for each field, or JSON. */
export function showRecord(out: Output, record: object): void {
  out.result(record, (found) => renderFields(Object.entries(found), out))
}
