import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Complaint, Given } from './given.ts'
import { isNetwork } from './kinds.ts'
import type { NamedOption } from './options.ts'
import { hideSecret } from './redact.ts'
import { duration, size } from './units.ts'

/** Holds every value against the schema of its option. */
export function checkValues(
  given: ReadonlyMap<string, Given>,
  known: readonly NamedOption[],
  complaints: Complaint[],
): void {
  const validate = settingsAjv().compile({
    type: 'object',
    properties: Object.fromEntries(known.map(({ key, option }) => [key, option.schema])),
    required: known.map(({ key }) => key),
  })
  if (validate(Object.fromEntries([...given].map(([key, { value }]) => [key, value])))) return

  const wrong = new Set(
    validate.errors?.map(({ instancePath, params }) => params['missingProperty'] ?? instancePath.split('/')[1]),
  )
  for (const { key, option } of known) {
    if (!wrong.has(key)) continue
    const found = given.get(key)
    complaints.push({
      what: found === undefined ? `${key} has no value` : `${key} = ${shown(found.value, option)} (${found.where})`,
      fix: `Write ${option.expects}.`,
    })
  }
}

function shown(value: unknown, option: NamedOption['option']): string {
  return option.secret ? hideSecret(value) : JSON.stringify(value)
}

function settingsAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true })
  ajv.addKeyword({ keyword: 'url', type: 'string', validate: isUrl })
  ajv.addKeyword({ keyword: 'duration', type: 'string', validate: within(duration) })
  ajv.addKeyword({ keyword: 'size', type: 'string', validate: within(size) })
  ajv.addKeyword({ keyword: 'network', type: 'string', validate: (_: true, value: string) => isNetwork(value) })
  ajv.addKeyword({ keyword: 'webOrigin', type: 'string', validate: (_: true, value: string) => isWebOrigin(value) })
  return ajv
}

function within(read: (text: string) => number | undefined) {
  return ([min, max]: readonly [number, number], text: string): boolean => {
    const amount = read(text)
    return amount !== undefined && amount >= min && amount <= max
  }
}

function isUrl({ schemes, origin }: { schemes: readonly string[]; origin: boolean }, text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return schemes.includes(url.protocol.slice(0, -1)) && (!origin || bare)
}

/** Exactly what a browser sends as `Origin`: no path, no capital letters, never `null`. */
function isWebOrigin(text: string): boolean {
  return text === '*' || (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text)
}
