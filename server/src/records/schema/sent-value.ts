import type { FieldType } from '../../expr/index.ts'
import { isSchema } from './value-schema.ts'

/** A value of a document as a client would send it: YAML reads `0` and `12.5` as numbers where the type wants digits as text. */
export function asSent(raw: unknown, { json, cel, end }: FieldType): unknown {
  if (end !== undefined && isSchema(raw))
    return Object.fromEntries(Object.entries(raw).map(([name, one]) => [name, asSent(one, end)]))
  const isDigits = json === 'string' && (cel.kind === 'decimal' || cel.kind === 'int')
  return typeof raw === 'number' && (isDigits || (json === 'string' && Number.isSafeInteger(raw))) ? String(raw) : raw
}
