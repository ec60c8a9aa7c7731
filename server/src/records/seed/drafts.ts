/** A set whose names are known, but whose records are not looked at yet: they may refer to entries that come later. */
export interface SetDraft {
  readonly name: string
  readonly with: readonly string[]
  readonly entries: ReadonlyMap<string, EntryDraft>
}

export interface EntryDraft {
  readonly set: string
  readonly name: string
  readonly collection: string
  readonly many: boolean
  readonly pointer: string
  readonly raw: readonly unknown[]
}
