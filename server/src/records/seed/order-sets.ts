import { below } from '../../errors/pointer.ts'
import { meant, type Report } from '../schema/report.ts'
import type { SetDraft } from './drafts.ts'

/** For each set, those that it stands on and itself, each after those that it stands on. Sets that stand on themselves are reported. */
export function orderSets(
  drafts: ReadonlyMap<string, SetDraft>,
  report: Report,
): ReadonlyMap<string, readonly string[]> {
  for (const draft of drafts.values()) {
    draft.with.forEach((name, index) => {
      if (drafts.has(name)) return
      report(below('', draft.name, 'with', index), `there is no set '${name}'`, meant(name, drafts.keys()))
    })
  }
  const known = new Map<string, readonly string[]>()
  for (const name of drafts.keys()) visit(name, [])
  return known

  /** Undefined where it leads into a circle. */
  function visit(name: string, path: readonly string[]): readonly string[] | undefined {
    const done = known.get(name)
    if (done !== undefined) return done
    const draft = drafts.get(name)
    if (draft === undefined) return []
    if (path.includes(name)) {
      // Once, at the set of the circle that stands first.
      const circle = path.slice(path.indexOf(name))
      const [first] = [...drafts.keys()].filter((set) => circle.includes(set))
      if (first === name)
        report(below('', name, 'with'), `the sets stand on one another: ${[...circle, name].join(' → ')}`)
      return undefined
    }
    const sets = new Set<string>()
    for (const before of draft.with) {
      const chain = visit(before, [...path, name])
      if (chain === undefined) return undefined
      for (const set of chain) sets.add(set)
    }
    sets.add(name)
    const chain = [...sets]
    known.set(name, chain)
    return chain
  }
}
