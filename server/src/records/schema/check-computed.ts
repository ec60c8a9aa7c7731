import { below } from '../../errors/pointer.ts'
import type { FieldDraft } from './draft.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Report } from './report.ts'

/** What only whoever sends a value could need. */
const GIVEN_OTHERWISE = ['default', 'backfill', 'sequence', 'owner', 'immutable']

/** Held where sent values are checked, which this one never is. */
const CHECKED_WHEN_SENT = ['minLength', 'maxLength', 'pattern', 'multipleOf']

/** Formats that say how a text is written, and not how it is stored. */
const WRITTEN = ['email', 'uri', 'hostname', 'ip']

/** `computed:` beside the other keywords of its field; what it says is looked at once all collections are read. */
export function checkComputed(field: FieldDraft, raw: JsonSchema, report: Report): void {
  if (field.rawComputed === undefined) return
  const { pointer, name } = field
  for (const keyword of GIVEN_OTHERWISE) {
    if (raw[keyword] !== undefined && raw[keyword] !== false) {
      report(below(pointer, keyword), `'${name}' is computed: '${keyword}' has no meaning beside it`, { at: 'key' })
    }
  }
  const { type, format } = field.complete
  if (field.reference !== undefined || field.list !== undefined) {
    report(below(pointer, 'computed'), 'a relation is stored, not computed', {
      suggestion: 'expand the relation that leads there, or compute the id as {type: string, format: uuid}',
    })
  } else if (type === 'object' || type === 'array') {
    report(below(pointer, 'computed'), 'a computed value is a text, a number, a time or a boolean')
  }
  if (raw['readonly'] === false) report(below(pointer, 'readonly'), 'nobody can send what is computed')
  for (const keyword of CHECKED_WHEN_SENT) {
    if (raw[keyword] === undefined) continue
    report(below(pointer, keyword), `'${keyword}' is for values that are sent`, { at: 'key', ...BY_CHECK })
  }
  if (WRITTEN.includes(String(format))) {
    report(below(pointer, 'format'), `nothing sees that a computed text is one of format ${String(format)}`, BY_CHECK)
  }
}

const BY_CHECK = { suggestion: "hold records to it with the collection's `check`" }
