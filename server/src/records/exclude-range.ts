import type { ExcludeModel } from './model.ts'

/** The range that an exclusion is about, of SQL of its fields: its begin and its end, or the range itself. */
export function rangeSql(
  { type, bounds }: Pick<ExcludeModel, 'type' | 'bounds'>,
  [from = '', until]: readonly string[],
): string {
  return until === undefined ? from : `${type}(${from}, ${until}, '${bounds}')`
}
