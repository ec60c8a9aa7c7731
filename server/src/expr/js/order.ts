import type { CelType } from '../cel-type.ts'
import { compareDecimals, type Decimal } from '../values/decimal.ts'
import { compareStrings } from '../values/strings.ts'

/** How values of an ordered kind compare: negative where the first is less. */
export function orderOf(kind: CelType['kind']): (x: unknown, y: unknown) => number {
  if (kind === 'decimal') return (x, y) => compareDecimals(x as Decimal, y as Decimal)
  if (kind === 'string' || kind === 'uuid' || kind === 'date' || kind === 'time')
    return (x, y) => compareStrings(x as string, y as string)
  return (x, y) => ((x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0)
}
