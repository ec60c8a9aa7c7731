import type { CelType } from '../types.ts'

/** A node of the typed tree. */
export interface Node {
  readonly op: string
  readonly type: CelType
}
