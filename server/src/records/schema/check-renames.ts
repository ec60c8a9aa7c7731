import { below } from '../../errors/pointer.ts'
import { snakeCase } from './naming.ts'
import type { Report } from './report.ts'
import { reservedCollection, reservedField } from './reserved-words.ts'
import { USERS } from './users.ts'

interface Renamed {
  readonly name: string
  readonly renamedFrom?: string | undefined
}

/** What can be told of `renamedFrom` without knowing what is live. */
export function checkRenames(
  list: readonly Renamed[],
  pointerOf: (name: string) => string,
  kind: 'collection' | 'field',
  report: Report,
): void {
  const claimed = new Map<string, string>()
  for (const { name, renamedFrom } of list) {
    if (renamedFrom === undefined) continue
    const pointer = below(pointerOf(name), 'renamedFrom')
    const message = fault(name, renamedFrom, kind, claimed.get(renamedFrom))
    if (message !== undefined) report(pointer, message)
    claimed.set(renamedFrom, name)
  }
}

function fault(
  name: string,
  from: string,
  kind: 'collection' | 'field',
  other: string | undefined,
): string | undefined {
  if (name === from) return `'${name}' is what the ${kind} is called now`
  if (kind === 'collection' && (name === USERS || from === USERS))
    return `'${USERS}' is in every app and keeps its name`
  const reserved = kind === 'collection' ? reservedCollection : reservedField
  if (reserved(from, snakeCase(from)) !== undefined) return `no ${kind} was ever called '${from}'`
  return other === undefined ? undefined : `'${other}' is already the one that was called '${from}'`
}
