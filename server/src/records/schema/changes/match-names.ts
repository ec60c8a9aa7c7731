import type { Past } from './remains.ts'

/** Something of the document: a collection, or a field. */
export interface Wanted {
  readonly renamedFrom?: string | undefined
}

/** The same of the version that is live. */
export interface Present {
  readonly renamedFrom?: string | undefined
  readonly past: Past
}

/** Something out of sight that may come back. */
export interface Hidden {
  readonly name: string
  /** The last version that showed it. */
  readonly version: number
  readonly past: Past
}

export interface Matching<H> {
  /** By the name in the document: the name of the live one that it is. */
  readonly kept: ReadonlyMap<string, string>
  /** By the name in the document: what comes back. */
  readonly restored: ReadonlyMap<string, H>
  /** Live ones that the document does not have. */
  readonly gone: readonly string[]
  /** Mistakes in `renamedFrom`, by the name in the document. */
  readonly faults: ReadonlyMap<string, string>
}

interface Question<H> {
  readonly kind: 'collection' | 'field'
  readonly present: ReadonlyMap<string, Present>
  readonly wanted: ReadonlyMap<string, Wanted>
  /** The newest last. */
  readonly hidden: readonly H[]
  /** Whether something hidden can be what the document asks for under this name. */
  fits(name: string, hidden: H): boolean
  /** The version that is brought back, for a rollback: who had which name then is known, and `renamedFrom` says nothing. */
  readonly restores?: number | undefined
}

/**
 * Which of the live things is which of the document: after all renames that the document tells and that have not been done yet.
 * A rename is done once the live version has the same `renamedFrom`, so that the document can keep it: otherwise two fields that
 * changed names would do so again with each version.
 */
export function matchNames<H extends Hidden>(question: Question<H>): Matching<H> {
  return question.restores === undefined ? matchNext(question) : matchFormer(question, question.restores)
}

function matchNext<H extends Hidden>({ kind, present, wanted, hidden, fits }: Question<H>): Matching<H> {
  const kept = new Map<string, string>()
  const restored = new Map<string, H>()
  const faults = new Map<string, string>()
  const taken = new Set<string>()
  const keep = (name: string, live: string) => {
    kept.set(name, live)
    taken.add(live)
  }
  const pending = new Map(
    [...wanted].flatMap(([name, { renamedFrom }]) =>
      renamedFrom === undefined || present.get(name)?.renamedFrom === renamedFrom ? [] : [[name, renamedFrom] as const],
    ),
  )
  const moves = (name: string) => present.has(pending.get(name) ?? '')

  for (const [name, from] of pending) {
    if (!present.has(from)) continue
    if (!wanted.has(from) || moves(from)) keep(name, from)
    // Done under an older version of the snapshot, or written down again.
    else if (!present.has(name)) faults.set(name, `'${from}' is still there, so it can not be called '${name}' now`)
  }
  for (const name of wanted.keys()) {
    if (!kept.has(name) && present.has(name) && !taken.has(name)) keep(name, name)
  }
  // A rename taken back.
  for (const name of wanted.keys()) {
    if (kept.has(name) || faults.has(name)) continue
    const back = [...present].find(([live, { past }]) => !taken.has(live) && wasCalled(past, name))
    if (back !== undefined) keep(name, back[0])
  }
  const left = new Set(hidden)
  for (const name of wanted.keys()) {
    if (kept.has(name) || faults.has(name)) continue
    const names = [name, pending.get(name)]
    const found = [...left].reverse().find((one) => names.includes(one.name) && fits(name, one))
    if (found !== undefined) {
      restored.set(name, found)
      left.delete(found)
    } else if (pending.has(name) && !isKnown(pending.get(name) ?? '', present, hidden)) {
      faults.set(name, `there is no ${kind} '${pending.get(name)}' that could be called '${name}' now`)
    }
  }
  return { kept, restored, gone: [...present.keys()].filter((live) => !taken.has(live)), faults }
}

function matchFormer<H extends Hidden>({ present, wanted, hidden, fits }: Question<H>, version: number): Matching<H> {
  const kept = new Map<string, string>()
  const restored = new Map<string, H>()
  const taken = new Set<string>()
  for (const [live, { past }] of present) {
    const name = nameAt(live, past, version)
    if (name === undefined || !wanted.has(name)) continue
    kept.set(name, live)
    taken.add(live)
  }
  for (const one of [...hidden].reverse()) {
    const name = one.version >= version ? nameAt(one.name, one.past, version) : undefined
    if (name === undefined || !wanted.has(name) || kept.has(name) || restored.has(name) || !fits(name, one)) continue
    restored.set(name, one)
  }
  // What that version had is purged; what has taken its name since may serve.
  for (const name of wanted.keys()) {
    if (kept.has(name) || restored.has(name) || !present.has(name) || taken.has(name)) continue
    kept.set(name, name)
    taken.add(name)
  }
  return { kept, restored, gone: [...present.keys()].filter((live) => !taken.has(live)), faults: new Map() }
}

/** What it was called in a version; undefined when it was not there. */
function nameAt(name: string, { since = 0, formerly = [] }: Past, version: number): string | undefined {
  if (since > version) return undefined
  return formerly.reduce((current, { name: former, until }) => (version < until ? former : current), name)
}

function wasCalled({ formerly = [] }: Past, name: string): boolean {
  return formerly.some((one) => one.name === name)
}

function isKnown(name: string, present: ReadonlyMap<string, Present>, hidden: readonly Hidden[]): boolean {
  const pasts = [...[...present.values()].map(({ past }) => past), ...hidden.map(({ past }) => past)]
  return hidden.some((one) => one.name === name) || pasts.some((past) => wasCalled(past, name))
}
