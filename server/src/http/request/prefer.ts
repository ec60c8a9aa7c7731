/** `Prefer` (RFC 7240): of its preferences we know `return`; what we do not know is ignored, as the RFC asks. */
export function parsePrefer(header: string | undefined): 'minimal' | 'representation' | undefined {
  if (header === undefined) return undefined
  for (const preference of header.split(',')) {
    const [name, value] = (preference.split(';', 1)[0] ?? '').split('=')
    if (name?.trim().toLowerCase() !== 'return') continue
    const wanted = value?.trim().replaceAll('"', '').toLowerCase()
    return wanted === 'minimal' || wanted === 'representation' ? wanted : undefined
  }
  return undefined
}
