/** Something that must be over by a time. */
export interface Timed {
  due: number
  before: Timed | undefined
  after: Timed | undefined
  expire(): void
}

/** All that has a deadline, the earliest first. */
export interface Deadlines {
  /** Due a full span from `now`; also for one that is in already, which begins anew. */
  start(timed: Timed, now: number): void
  stop(timed: Timed): void
  /** Expires all that is due. */
  sweep(now: number): void
}

/**
 * As every deadline is the same span after its start, starting order is expiry order: a linked list costs two assignments
 * per request, where a timer of its own would cost a microsecond.
 */
export function createDeadlines(span: number): Deadlines {
  let first: Timed | undefined
  let last: Timed | undefined

  const stop = (timed: Timed): void => {
    if (timed.before === undefined && first !== timed) return
    if (timed.before === undefined) first = timed.after
    else timed.before.after = timed.after
    if (timed.after === undefined) last = timed.before
    else timed.after.before = timed.before
    timed.before = undefined
    timed.after = undefined
  }

  return {
    stop,
    start(timed, now) {
      stop(timed)
      timed.due = now + span
      timed.before = last
      if (last === undefined) first = timed
      else last.after = timed
      last = timed
    },
    sweep(now) {
      while (first !== undefined && first.due <= now) {
        const timed = first
        stop(timed)
        timed.expire()
      }
    },
  }
}
