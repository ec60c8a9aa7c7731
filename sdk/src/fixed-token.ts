import type { Tokens } from './transport.ts'

/** One token for every call: an admin key, or a session of an administrator. There is none to take its place. */
export function fixedToken(token: string | undefined): Tokens {
  return {
    current: async () => token,
    renew: async () => undefined,
  }
}
