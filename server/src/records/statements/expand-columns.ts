import type { InputColumn } from './inputs.ts'
import { type RecordShape, shapeParameters } from './shape.ts'

interface ExpandInput {
  readonly expandValues?: readonly string[]
}

/** The input columns with the values of the filters in `expand`. */
export function expandColumns(shape: RecordShape): InputColumn<ExpandInput>[] {
  return shapeParameters(shape).map(({ name, column = name, pg }, index) => ({
    name: column,
    pg,
    value: ({ expandValues }) => expandValues?.[index] ?? null,
  }))
}
