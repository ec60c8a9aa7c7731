/** A value as it was written, before it is checked. */
export interface Given {
  readonly value: unknown
  /** For people: `environment variable ROADBASE_PORT`, `roadbase.yaml:3`. */
  readonly where: string
  /** What a relative path in it is relative to. */
  readonly base: string
}

/** One thing that is wrong with the configuration. */
export interface Complaint {
  /** `port = "80a" (environment variable ROADBASE_PORT)`. */
  readonly what: string
  /** What to write instead. */
  readonly fix: string
}

export function listed(complaints: readonly Complaint[]): string {
  return complaints.map(({ what, fix }) => `  - ${what}\n    ${fix}`).join('\n')
}
