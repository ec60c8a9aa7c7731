import { isIP } from 'node:net'
import { duration as parseDuration, size as parseSize } from './units.ts'

/** One line of the options table: what the value looks like in YAML, how text becomes that, and what the code gets of it. */
export interface Option<T> {
  /** The word the reference uses for its type. */
  readonly type: string
  /** JSON Schema (2020-12) of the value as YAML holds it. */
  readonly schema: Readonly<Record<string, unknown>>
  /** What a bad value is told: "a number from 1 to 65535". */
  readonly expects: string
  readonly doc: string
  /** Environment variables and flags are text; this makes of it what YAML would hold, or gives it back when it can not. */
  readonly fromText: (text: string) => unknown
  /** From the valid YAML value to the value in {@link Settings}. */
  readonly toValue: (valid: never) => T
  /** Its environment variable, where it is not the `ROADBASE_` name made from the key. */
  readonly env?: string
  /** Its flag, where it is not the one made from the key. */
  readonly flag?: string
  /** Never printed; of URLs only the password is hidden. */
  readonly secret?: boolean
  /** Relative paths are resolved against the place where they were written. */
  readonly path?: boolean
}

interface About {
  readonly doc: string
  readonly env?: string
  readonly flag?: string
  readonly secret?: boolean
}

export const text = (about: About & { pattern?: string; expects?: string }): Option<string> => {
  const { pattern, expects = 'a text', ...rest } = about
  const schema = { type: 'string', minLength: 1, ...(pattern === undefined ? {} : { pattern }) }
  return { ...rest, type: 'text', expects, schema, fromText: same, toValue: same }
}

export const path = (about: About): Option<string> => ({
  ...about,
  type: 'path',
  expects: 'a path',
  schema: { type: 'string', minLength: 1 },
  fromText: same,
  toValue: same,
  path: true,
})

export const url = (about: About & { schemes: readonly string[]; origin?: boolean }): Option<string> => {
  const { schemes, origin = false, ...rest } = about
  const starts = schemes.map((scheme) => `${scheme}://`).join(' or ')
  return {
    ...rest,
    type: 'URL',
    expects: origin ? `a URL of scheme, host and port only, starting with ${starts}` : `a URL starting with ${starts}`,
    schema: { type: 'string', url: { schemes, origin } },
    fromText: same,
    toValue: (valid: string) => (origin ? new URL(valid).origin : valid),
  }
}

export const integer = (about: About & { min: number; max: number }): Option<number> => {
  const { min, max, ...rest } = about
  return {
    ...rest,
    type: 'integer',
    expects: `a whole number from ${min} to ${max}`,
    schema: { type: 'integer', minimum: min, maximum: max },
    fromText: (raw) => (/^-?\d+$/.test(raw.trim()) ? Number(raw) : raw),
    toValue: same,
  }
}

export const boolean = (about: About): Option<boolean> => ({
  ...about,
  type: 'boolean',
  expects: '`true` or `false`',
  schema: { type: 'boolean' },
  fromText: (raw) => booleans.get(raw.trim().toLowerCase()) ?? raw,
  toValue: same,
})

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
])

export const choice = <const T extends string>(about: About & { of: readonly T[] }): Option<T> => {
  const { of, ...rest } = about
  return {
    ...rest,
    type: of.map((value) => `\`${value}\``).join(', '),
    expects: `one of ${of.join(', ')}`,
    schema: { enum: of },
    fromText: same,
    toValue: same,
  }
}

/** A span of time; milliseconds in the code. */
export const duration = (about: About & { min: string; max: string }): Option<number> => {
  const { min, max, ...rest } = about
  return {
    ...rest,
    type: 'duration',
    expects: `a duration from ${min} to ${max}, written as 500ms, 30s, 15m, 12h or 7d`,
    schema: { type: 'string', duration: [parseDuration(min), parseDuration(max)] },
    fromText: same,
    toValue: (valid: string) => parseDuration(valid) as number,
  }
}

/** An amount of memory; bytes in the code. */
export const size = (about: About & { min: string; max: string }): Option<number> => {
  const { min, max, ...rest } = about
  return {
    ...rest,
    type: 'size',
    expects: `a size from ${min} to ${max}, written as 512KiB, 1MiB or 2GiB`,
    schema: { type: 'string', size: [parseSize(min), parseSize(max)] },
    fromText: same,
    toValue: (valid: string) => parseSize(valid) as number,
  }
}

export const list = (about: About & { item: { schema: object; expects: string } }): Option<readonly string[]> => {
  const { item, ...rest } = about
  return {
    ...rest,
    type: 'list',
    expects: `a list of ${item.expects}`,
    schema: { type: 'array', items: item.schema, uniqueItems: true },
    fromText: (raw) =>
      raw
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    toValue: same,
  }
}

/** An option that may be left unset, which YAML writes as `null`. */
export const optional = <T>(option: Option<T>): Option<T | null> => ({
  ...option,
  expects: `${option.expects}, or nothing`,
  schema: { anyOf: [{ type: 'null' }, option.schema] },
  fromText: (raw) => (raw === '' ? null : option.fromText(raw)),
  toValue: (valid: unknown) => (valid === null ? null : option.toValue(valid as never)),
})

function same<T>(value: T): T {
  return value
}

export const isNetwork = (value: string): boolean => {
  const [address = '', bits, more] = value.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
