import type { Report } from '../schema/report.ts'
import type { SeedEntry, SeedRecord, SeedValue } from './model.ts'

/**
 * Records in the order in which they can be made: by how many others they have to wait for. Those that wait for themselves are
 * reported; what refers to one another can not be made one after the other.
 */
export function orderRecords(entries: ReadonlyMap<string, SeedEntry>, report: Report): readonly SeedRecord[] {
  const levels = new Map<SeedRecord, number>()
  const open: SeedRecord[] = []
  let stuck = false
  const all = [...entries.values()].flatMap(({ records }) => records)
  for (const record of all) levelOf(record)
  if (stuck) return []
  // Stable, so what does not depend on one another stays in the order of the file.
  return all
    .map((record) => ({ ...record, level: levels.get(record) ?? 0 }))
    .sort((left, right) => left.level - right.level)

  function levelOf(record: SeedRecord): number {
    const known = levels.get(record)
    if (known !== undefined) return known
    if (open.includes(record)) {
      if (!stuck) {
        const circle = [...open.slice(open.indexOf(record)), record].map(nameOf)
        report(record.pointer, `these refer to one another: ${circle.join(' → ')}`)
      }
      stuck = true
      return 0
    }
    open.push(record)
    let level = 0
    for (const value of [...record.values.values()].flatMap((one): readonly SeedValue[] =>
      'items' in one ? one.items : [one],
    )) {
      const target = 'name' in value ? entries.get(value.name)?.records[value.position] : undefined
      if (target !== undefined) level = Math.max(level, levelOf(target) + 1)
    }
    open.pop()
    levels.set(record, level)
    return level
  }

  function nameOf({ name, position }: SeedRecord): string {
    return entries.get(name)?.many === true ? `${name}.${position}` : name
  }
}
