import { Problem } from '../../errors/problem.ts'
import { type Caller, holderOf } from '../caller.ts'

/** Lets a few long works in at a time, and fewer of one caller's, for each of them holds a connection to PostgreSQL. */
export interface Gate {
  /** Gives what says that the work is over; refuses, for nobody waits in line for minutes. */
  enter(caller: Caller): () => void
}

export interface GateOptions {
  readonly most: number
  /** Of one caller; anonymous ones are told apart by their address. */
  readonly each: number
}

export function createGate({ most, each }: GateOptions): Gate {
  const inside = new Map<string, number>()
  let count = 0
  return {
    enter(caller) {
      const who = holderOf(caller) ?? caller.request.ip
      const own = inside.get(who) ?? 0
      if (count >= most || own >= each) {
        const detail =
          own >= each ? `You may have ${each} of these at a time` : `There are ${count} of these under way already`
        throw new Problem('overloaded', detail, { retryAfter: 5 })
      }
      count++
      inside.set(who, own + 1)
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        count--
        const rest = (inside.get(who) ?? 1) - 1
        if (rest === 0) inside.delete(who)
        else inside.set(who, rest)
      }
    },
  }
}
