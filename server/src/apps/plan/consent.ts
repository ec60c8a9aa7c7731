import { createHash } from 'node:crypto'
import type { Step } from '../section.ts'

interface Consented {
  readonly app: string
  /** The version that is live. */
  readonly from: number | null
  /** Of the document that is to be loaded. */
  readonly digest: string
  readonly steps: readonly Pick<Step, 'consent'>[]
}

/**
 * What whoever has read a plan sends back to have it done: it fits this plan only, and none that loses anything else or begins
 * from another version. No secret: it says what was agreed to, not who may. Null when there is nothing to agree to.
 */
export function consentToken({ app, from, digest, steps }: Consented): string | null {
  const texts = steps.flatMap(({ consent }) => consent ?? [])
  if (texts.length === 0) return null
  return createHash('sha256')
    .update(JSON.stringify([app, from, digest, texts]))
    .digest('base64url')
    .slice(0, 22)
}
