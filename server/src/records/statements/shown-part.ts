import type { FieldModel } from '../model.ts'

/** What is shown of a record itself. */
export interface ShownPart {
  /** Never hidden ones, in the order of the answer. */
  readonly fields: readonly FieldModel[]
  /** What the collection keeps beside its fields; absent where it keeps nothing, or none of it is asked for. */
  readonly free?: FreePart
}

export interface FreePart {
  readonly field: FieldModel
  /** Absent: all of it. */
  readonly keys?: readonly string[]
}
