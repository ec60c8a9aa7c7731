type Data = Readonly<Record<string, unknown>>

/** Of RFC 6902, as far as clients of this test use it: a field, or what is directly in one. */
export interface PatchOperation {
  readonly op: 'test' | 'add' | 'remove' | 'replace' | 'copy' | 'move'
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** What a patch makes of a record; undefined where it does not fit. */
export function patchedBy(patch: readonly PatchOperation[], before: Data): Data | undefined {
  const record = structuredClone(before) as Record<string, unknown>
  for (const operation of patch) {
    const { op, path, from = '' } = operation
    const value = op === 'copy' || op === 'move' ? structuredClone(read(record, from)) : operation.value
    if (value === undefined && op !== 'remove') return undefined
    if (op === 'test') {
      if (JSON.stringify(read(record, path)) !== JSON.stringify(value)) return undefined
      continue
    }
    if ((op === 'remove' || op === 'replace') && read(record, path) === undefined) return undefined
    if (op === 'remove') remove(record, path)
    if (op === 'move') remove(record, from)
    if (op !== 'remove' && !put(record, path, value)) return undefined
  }
  return record
}

const keysOf = (path: string) => path.slice(1).split('/') as [string, string?]

function read(record: Data, path: string): unknown {
  const [field, key] = keysOf(path)
  const holder = record[field] as Record<string, unknown> | null
  return key === undefined ? holder : holder?.[key]
}

function remove(record: Data, path: string): void {
  const [field, key = ''] = keysOf(path)
  const holder = record[field]
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete (holder as Record<string, unknown>)[key]
}

/** Whether there was a place for it. */
function put(record: Record<string, unknown>, path: string, value: unknown): boolean {
  const [field, key] = keysOf(path)
  if (key === undefined) {
    record[field] = value
    return true
  }
  const holder = record[field]
  if (Array.isArray(holder)) holder.splice(key === '-' ? holder.length : Number(key), 0, value)
  else (holder as Record<string, unknown>)[key] = value
  return true
}
