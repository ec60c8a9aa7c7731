import { pointer } from '../../errors/pointer.ts'
import { Problem, type Violation } from '../../errors/problem.ts'

/**
 * The named texts of a body. Anything else in it is refused, unless `rest` says that it is somebody else's to check;
 * then it comes back as `rest`.
 */
export function readTexts<const Names extends readonly string[]>(
  body: unknown,
  names: Names,
  options: { readonly rest?: boolean } = {},
): { readonly texts: Readonly<Record<Names[number], string>>; readonly rest: Readonly<Record<string, unknown>> } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('malformed_request', 'The body must be a JSON object')
  }
  const rest: Record<string, unknown> = {}
  const unknown: Violation[] = []
  for (const [name, value] of Object.entries(body)) {
    if (names.includes(name)) continue
    rest[name] = value
    unknown.push({ pointer: pointer(name), code: 'unknown_field', message: `is not one of ${names.join(', ')}` })
  }
  if (unknown.length > 0 && options.rest !== true) throw new Problem('unknown_field', undefined, { errors: unknown })
  return { texts: readNamed(body as Record<string, unknown>, names), rest }
}

function readNamed<const Names extends readonly string[]>(
  body: Readonly<Record<string, unknown>>,
  names: Names,
): Record<Names[number], string> {
  const texts: Partial<Record<string, string>> = {}
  const errors: Violation[] = []
  for (const name of names) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined
    if (typeof value === 'string') texts[name] = value
    else if (value === undefined) errors.push({ pointer: pointer(name), code: 'required', message: 'is required' })
    else errors.push({ pointer: pointer(name), code: 'type', message: 'must be a string' })
  }
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  return texts as Record<Names[number], string>
}
