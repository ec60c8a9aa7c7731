import { below } from '../../errors/pointer.ts'
import { endSchema, openEnds, RANGE_ENDS, rangeTypes } from '../../expr/index.ts'
import type { JsonSchema } from './json-schema.ts'
import { ANNOTATIONS } from './keywords.ts'
import { MAX_NAME_BYTES } from './naming.ts'
import { meant, type Report } from './report.ts'

const OPEN = ['from', 'until', 'both']

/** `of` and `open` of a range. */
export function checkRange(raw: JsonSchema, pointer: string, report: Report): boolean {
  const { of, open } = raw
  const known = Object.keys(rangeTypes)
  if (of === undefined) {
    report(pointer, `a range is of something: ${known.join(', ')}`, { suggestion: 'write {type: range, of: date}' })
    return false
  }
  if (open !== undefined && !OPEN.includes(String(open))) {
    report(below(pointer, 'open'), `'open' is from, until or both`, meant(String(open), OPEN))
  }
  if (known.includes(String(of))) return true
  const suggestion = MEANT[String(of)]
  report(
    below(pointer, 'of'),
    `there are no ranges of '${String(of)}': there are ${known.join(', ')}`,
    suggestion === undefined ? meant(String(of), known) : { suggestion: `did you mean '${suggestion}'?` },
  )
  return false
}

const MEANT: Readonly<Record<string, string>> = {
  ...{ datetime: 'date-time', timestamp: 'date-time', time: 'date-time', int: 'integer', number: 'decimal' },
}

/** In CSV a range is two columns, whose names PostgreSQL has to keep whole. */
export function checkRangeName(name: string, pointer: string, report: Report): void {
  if (`${name}.until`.length <= MAX_NAME_BYTES) return
  report(pointer, `the name of a range has ${MAX_NAME_BYTES - '.until'.length} characters at most`, { at: 'key' })
}

/** As clients see it: an object of two ends. An open one is there, too, and null. */
export function documentedRange(complete: JsonSchema): JsonSchema {
  if (complete['type'] !== 'range') return complete
  const open = openEnds(complete)
  const end = endSchema(complete)
  const ends = RANGE_ENDS.map((name) => {
    const about = { description: name === 'from' ? 'The first that belongs to it.' : 'The first behind it.' }
    return [name, open[name] ? { anyOf: [end, { type: 'null' }], ...about } : { ...end, ...about }]
  })
  return {
    type: 'object',
    ...Object.fromEntries(Object.entries(complete).filter(([keyword]) => ANNOTATIONS.includes(keyword))),
    properties: Object.fromEntries(ends),
    required: RANGE_ENDS,
    additionalProperties: false,
  }
}
