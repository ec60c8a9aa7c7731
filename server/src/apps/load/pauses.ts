/**
 * Keeps the requests of an app waiting while it changes in a way that a statement of the version before would not notice: two fields that
 * take each other's name. The pause lasts from before the first lock until the next version is served, which is milliseconds.
 */
export interface Pauses {
  /** What to wait for; undefined, nearly always, when the app is not paused. */
  of(slug: string): Promise<void> | undefined
  /** Resolves when no request is under way that could meet the change, or has been for too long. */
  begin(slug: string): Promise<void>
  end(slug: string): void
}

interface Dependencies {
  /** Resolves when every request of any app that had begun before the call has been handled. */
  readonly afterVisits: () => Promise<void>
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** What takes longer waits for somebody who sends or takes slowly, and is through with the database. */
const PATIENCE = 1000

export function createPauses({ afterVisits, sleep }: Dependencies): Pauses {
  const paused = new Map<string, { readonly over: Promise<void>; readonly end: () => void }>()
  return {
    of: (slug) => (paused.size === 0 ? undefined : paused.get(slug)?.over),
    async begin(slug) {
      if (!paused.has(slug)) {
        let end = () => {}
        const over = new Promise<void>((resolve) => {
          end = resolve
        })
        paused.set(slug, { over, end })
      }
      await Promise.race([afterVisits(), sleep(PATIENCE)])
    },
    end(slug) {
      paused.get(slug)?.end()
      paused.delete(slug)
    },
  }
}
