import { CAMEL_CASE, camelCase, MAX_NAME_BYTES, snakeCase } from './naming.ts'
import type { Report } from './report.ts'
import { reservedCollection, reservedField, reservedTransition } from './reserved-words.ts'

const reservedAs = {
  collection: reservedCollection,
  field: reservedField,
  relation: reservedField,
  transition: reservedTransition,
}

/** Whether a name can be that of a collection, a field, a relation back or a transition; what stands against it is reported. */
export function checkName(kind: keyof typeof reservedAs, name: string, pointer: string, report: Report): boolean {
  // Of a relation back the name is a value of the document, else a key.
  const place = kind === 'relation' ? {} : ({ at: 'key' } as const)
  const sqlName = snakeCase(name)
  const reserved = reservedAs[kind](name, sqlName)
  if (reserved !== undefined) {
    report(pointer, `a ${kind} can not be called '${name}': ${reserved}`, place)
    return false
  }
  if (!CAMEL_CASE.test(name)) {
    const suggestion = `did you mean '${camelCase(name)}'?`
    report(pointer, `'${name}' is not a name in camelCase`, { ...place, suggestion })
    return false
  }
  if (sqlName.length > MAX_NAME_BYTES) {
    const message = `the name is longer than the ${MAX_NAME_BYTES} bytes that PostgreSQL keeps of '${sqlName}'`
    report(pointer, message, place)
    return false
  }
  return true
}
