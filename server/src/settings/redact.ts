import { namedOptions, type Settings } from './options.ts'

const HIDDEN = '[hidden]'

/** The settings for printing: secrets hidden, of URLs only what could open a door. */
export function redact(settings: Settings): Record<string, unknown> {
  const printed: Record<string, unknown> = structuredClone(settings)
  for (const { key, option } of namedOptions()) {
    if (!option.secret) continue
    const [group = '', inner] = key.split('.')
    const holder = inner === undefined ? printed : (printed[group] as Record<string, unknown>)
    const name = inner ?? group
    if (holder[name] !== null) holder[name] = hideSecret(holder[name])
  }
  return printed
}

/** `postgres://[hidden]@db:5432/roadbase`; parameters of the URL go too, since PostgreSQL takes a password there. */
export function hideSecret(value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value)) return HIDDEN
  const { protocol, username, password, host, pathname } = new URL(value)
  if (host === '') return HIDDEN
  return `${protocol}//${username === '' && password === '' ? '' : `${HIDDEN}@`}${host}${pathname}`
}
