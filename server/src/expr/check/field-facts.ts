import type { FieldDeclaration } from '../types.ts'
import type { Range } from './node.ts'
import { SAFE } from './ranges.ts'

/** What a field's type tells about the numbers in it. */
export function rangeOfField({ type }: FieldDeclaration): { readonly range?: Range; readonly scale?: number } {
  if (type.cel.kind === 'decimal') return { scale: type.scale ?? 30 }
  return type.format === 'integer' ? { range: SAFE } : {}
}
