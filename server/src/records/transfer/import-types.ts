import type { Problem } from '../../errors/problem.ts'

/** A record, or what is wrong with its text. */
export type ImportItem = {
  /** Where it begins, from 1. */
  readonly line: number
  /** Bytes that it came in. */
  readonly size: number
} & ({ readonly value: unknown } | { readonly cells: readonly (string | null)[] } | { readonly problem: Problem })

/** The columns of items that are rows of cells. */
export interface ImportTable {
  readonly header: readonly string[]
  /** The JSON in a cell; throws a problem. */
  readonly parse: (text: string) => unknown
}

export interface ImportParameters {
  readonly mode?: string | undefined
  readonly by?: string | undefined
  readonly atomic?: string | undefined
}

export interface ImportCounts {
  readonly created: number
  readonly updated: number
  readonly failed: number
}

export interface ImportProgress extends ImportCounts {
  /** Records that have been read. */
  readonly lines: number
}

export interface ImportError {
  readonly line: number
  readonly code: string
  readonly pointer?: string
  readonly message: string
}

export interface ImportResult extends ImportCounts {
  /** The first of what is wrong. */
  readonly errors: readonly ImportError[]
  /** Why it did not come to its end. */
  readonly stopped?: unknown
}

/** An import that may begin: what could be known before its first record has been checked. */
export type RunImport = (
  items: AsyncIterable<readonly ImportItem[]>,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
) => Promise<ImportResult>
