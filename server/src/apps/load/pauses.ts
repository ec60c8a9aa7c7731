/** The requests that began between two pauses. */
export interface Visit {
  open: number
}

/**
 * Keeps the requests of an app waiting while it changes in a way that a statement of the version before would not notice: two fields that
 * take each other's name. The pause lasts from before the first lock until the next version is served, which is milliseconds.
 */
export interface Pauses {
  /** What to wait for; undefined, nearly always, when the app is not paused. */
  of(slug: string): Promise<void> | undefined
  /** A request begins, of whatever app. */
  enter(): Visit
  leave(visit: Visit): void
  /** Resolves when no request is under way that could meet the change, or has been for too long. */
  begin(slug: string): Promise<void>
  end(slug: string): void
}

/** What takes longer waits for somebody who sends or takes slowly, and is through with the database. */
const PATIENCE = 1000

export function createPauses(sleep: (milliseconds: number) => Promise<void>): Pauses {
  const paused = new Map<string, { readonly over: Promise<void>; readonly end: () => void }>()
  let present: Visit = { open: 0 }
  /** Those before, oldest first, each with who waits for its end. */
  const past: { readonly visit: Visit; readonly resolve: () => void }[] = []

  const settle = (): void => {
    while (past[0]?.visit.open === 0) past.shift()?.resolve()
  }
  return {
    of: (slug) => (paused.size === 0 ? undefined : paused.get(slug)?.over),
    enter() {
      present.open++
      return present
    },
    leave(visit) {
      visit.open--
      if (visit !== present) settle()
    },
    async begin(slug) {
      if (!paused.has(slug)) {
        let end = () => {}
        const over = new Promise<void>((resolve) => {
          end = resolve
        })
        paused.set(slug, { over, end })
      }
      const visit = present
      present = { open: 0 }
      const through = new Promise<void>((resolve) => {
        past.push({ visit, resolve })
        settle()
      })
      await Promise.race([through, sleep(PATIENCE)])
    },
    end(slug) {
      paused.get(slug)?.end()
      paused.delete(slug)
    },
  }
}
