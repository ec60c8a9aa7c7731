/** Runs what concerns one app one after the other, in the order of the calls. */
export type InTurn = <T>(slug: string, work: () => Promise<T>) => Promise<T>

export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return (slug, work) => {
    const before = last.get(slug) ?? Promise.resolve()
    const turn = before.then(work, work)
    last.set(slug, turn)
    const forget = () => {
      if (last.get(slug) === turn) last.delete(slug)
    }
    turn.then(forget, forget)
    return turn
  }
}
