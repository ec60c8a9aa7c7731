import type { FieldType } from '../../expr/index.ts'

/** A value of a document as a client would send it: YAML reads `0` and `12.5` as numbers where the type wants digits as text. */
export function asSent(raw: unknown, { json, cel }: FieldType): unknown {
  const isDigits = json === 'string' && (cel.kind === 'decimal' || cel.kind === 'int')
  return typeof raw === 'number' && (isDigits || (json === 'string' && Number.isSafeInteger(raw))) ? String(raw) : raw
}
