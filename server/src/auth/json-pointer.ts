/** The JSON pointer of a member of what `base` points to (RFC 6901). */
export function pointerTo(name: string, base = ''): string {
  return `${base}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
