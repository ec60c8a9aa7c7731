/** Runs the work while no other tab does, where the platform has Web Locks; else at once. */
export function withLock<T>(name: string | undefined, work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } }
  if (name === undefined || navigator?.locks === undefined) return work()
  return navigator.locks.request(`roadbase:${name}`, work)
}

/** The part of the Web Locks API that is used (https://w3c.github.io/web-locks/). */
interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>
}
