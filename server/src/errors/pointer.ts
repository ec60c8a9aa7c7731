/** A JSON pointer (RFC 6901) of its segments: `pointer('collections', 'a/b')` is `/collections/a~1b`. */
export function pointer(...segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** A pointer one or more steps below another. */
export function below(parent: string, ...segments: readonly (string | number)[]): string {
  return parent + pointer(...segments)
}

export function segmentsOf(text: string): readonly string[] {
  return text
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}
