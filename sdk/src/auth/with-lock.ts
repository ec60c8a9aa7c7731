/**
 * Runs the work while no other tab does, where the platform has Web Locks; else at once. `turn` says how it came to the lock: `waited` for
 * another tab to let go of it, or `first`; `alone` where there are no others.
 */
export async function withLock<T>(name: string | undefined, work: (turn: Turn) => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } }
  const locks = navigator?.locks
  if (name === undefined || locks === undefined) return work('alone')
  const lock = `roadbase:${name}`
  const taken = await locks.request(lock, { ifAvailable: true }, async (held) =>
    held === null ? undefined : { value: await work('first') },
  )
  return taken === undefined ? locks.request(lock, {}, () => work('waited')) : taken.value
}

export type Turn = 'alone' | 'first' | 'waited'

/** The part of the Web Locks API that is used (https://w3c.github.io/web-locks/). */
interface Locks {
  request<T>(
    name: string,
    options: { readonly ifAvailable?: boolean },
    work: (held: object | null) => Promise<T>,
  ): Promise<T>
}
