import { Problem } from '../../errors/problem.ts'

export interface AdmissionLimits {
  /** Requests under way at once. */
  readonly requests: number
  /** Bytes of bodies that are being received, and of answers that clients have not taken yet. */
  readonly bytes: number
}

/** Counts what is under way, so that more than the server can hold is refused at the door instead of filling its memory. */
export interface Admission {
  readonly requests: number
  /** Counts one more; false when that is more than there is room for. */
  enter(): boolean
  leave(): void
  /** Takes room for part of an incoming body; false when there is none. */
  reserve(bytes: number): boolean
  /** Counts bytes that are there anyway: what comes next is refused instead. */
  hold(bytes: number): void
  release(bytes: number): void
}

export function createAdmission(limits: AdmissionLimits): Admission {
  let requests = 0
  let held = 0
  return {
    get requests() {
      return requests
    },
    enter() {
      return ++requests <= limits.requests
    },
    leave() {
      requests--
    },
    reserve(bytes) {
      if (held + bytes > limits.bytes) return false
      held += bytes
      return true
    },
    hold(bytes) {
      held += bytes
    },
    release(bytes) {
      held -= bytes
    },
  }
}

export function overloaded(): Problem {
  return new Problem('overloaded', undefined, { retryAfter: 1 })
}
