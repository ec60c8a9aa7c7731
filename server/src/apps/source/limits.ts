/**
 * What one app's document may measure. The largest sketch has 6 KB; these are far above what people write
 * and far below what hurts the server that reads it.
 */
export const limits = {
  /** Bytes of one file. */
  file: 1024 * 1024,
  /** Bytes of all files together. */
  total: 4 * 1024 * 1024,
  files: 200,
  /** Bytes of an archive that somebody sends, unpacked: it may hold more than the app needs. */
  archive: 16 * 1024 * 1024,
  /** Entries looked at in the app's folder, for globs. */
  entries: 5000,
  /** Levels of maps and lists. */
  depth: 64,
  /**
   * Words, marks and gaps of one file. The composer of YAML works in one stretch, and takes seconds for a megabyte that has nothing but
   * marks; the longest file that is read has as many as this when people write it.
   */
  tokens: 500_000,
  /** Values after aliases are followed: what stops "billion laughs". */
  values: 100_000,
  /** Issues that are told at once. */
  issues: 100,
} as const
