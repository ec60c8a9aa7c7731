import { pointer } from '../../apps/pointer.ts'

/** A JSON pointer (RFC 6901) one or more steps below another. */
export function below(parent: string, ...keys: readonly (string | number)[]): string {
  return parent + pointer(...keys)
}
