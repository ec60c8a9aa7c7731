export interface ExtractedLiterals {
  readonly template: string
  readonly literals: readonly {
    readonly name: string
    readonly kind: 'string' | 'int' | 'double'
    readonly value: string
  }[]
}

/** Filters that differ only in their literals share one template: `room == "a" && n > 3` is `room == _p0 && n > _p1`. */
export function extractLiterals(_source: string): ExtractedLiterals | undefined {
  return undefined
}
