/** What makes ids, injected so that tests can foresee them. */
export interface IdSource {
  readonly now: () => number
  /** A random whole number from 0 to `below - 1`. */
  readonly random: (below: number) => number
}

export interface RequestIds {
  /** A new id: 16 characters, sortable by time, unique across processes. */
  next(): string
  /** The id that a trusted proxy sent, when it is harmless to log and to send back; otherwise a new one. */
  accept(sent: string): string
}

/** Crockford's base 32: no letters that look like digits, sorts like the numbers it stands for. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Ids are milliseconds (9 characters), a counter within the process (3), the process (4). */
export function createRequestIds(source: IdSource): RequestIds {
  const process = encode(source.random(32 ** 4), 4)
  let time = -1
  let prefix = ''
  let counter = 0

  function next(): string {
    // A clock that is set back must not make ids that sort before earlier ones, nor ids that were given already.
    const now = Math.max(source.now(), time)
    counter = now === time ? counter + 1 : 0
    const overflow = counter === 32 ** 3
    if (now !== time || overflow) {
      time = overflow ? now + 1 : now
      counter = 0
      prefix = encode(time, 9)
    }
    return prefix + encode(counter, 3) + process
  }

  return { next, accept: (sent) => (/^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : next()) }
}

function encode(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = ALPHABET[rest % 32] + text
  return text
}
