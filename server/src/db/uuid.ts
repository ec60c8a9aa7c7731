const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const UUID_PATTERN = UUID.source

/** Is it an id as PostgreSQL prints it, in small letters? It reads more spellings, which would give one record several names. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The id as it is stored, or undefined for what is none. */
export function canonicalUuid(text: string): string | undefined {
  if (UUID.test(text)) return text
  const lower = text.length === 36 ? text.toLowerCase() : ''
  return UUID.test(lower) ? lower : undefined
}
