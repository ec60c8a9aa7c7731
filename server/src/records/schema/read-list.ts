import { below } from '../../errors/pointer.ts'
import type { FieldDraft } from './draft.ts'
import type { JsonSchema } from './json-schema.ts'
import { ANNOTATIONS, FIELD_KEYWORDS, REFERENCE_KEYWORDS } from './keywords.ts'
import { meant, type Report } from './report.ts'
import { isSchema } from './value-schema.ts'

/** A list of references: `{type: array, items: {$ref: tags}}`. */
export function isReferenceList(raw: JsonSchema): boolean {
  return isSchema(raw['items']) && '$ref' in raw['items']
}

const BESIDE_ITEMS = ['type', 'items', 'minItems', 'maxItems', 'uniqueItems', ...FIELD_KEYWORDS, ...ANNOTATIONS]
const BESIDE_REFERENCE = ['$ref', ...REFERENCE_KEYWORDS, ...ANNOTATIONS]

/** The ids as they are sent and stored; which type they have is seen once all collections are read. */
export function listSchema(raw: JsonSchema, pointer: string, report: Report): JsonSchema {
  const items = itemsOf(raw)
  if (raw['type'] !== undefined && raw['type'] !== 'array') {
    report(below(pointer, 'type'), "beside 'items' the type is array")
  }
  refuseOthers(raw, BESIDE_ITEMS, 'beside a list of references', pointer, report)
  refuseOthers(items, BESIDE_REFERENCE, 'beside $ref', below(pointer, 'items'), report)
  const { minItems, maxItems } = raw
  if (typeof minItems === 'number' && typeof maxItems === 'number' && minItems > maxItems) {
    report(below(pointer, 'minItems'), `is more than 'maxItems', which is ${maxItems}`)
  }
  const kept = Object.entries(raw).filter(
    ([keyword]) => BESIDE_ITEMS.includes(keyword) && !FIELD_KEYWORDS.includes(keyword),
  )
  return { ...Object.fromEntries(kept), type: 'array', items: { type: 'string', format: 'uuid' } }
}

function refuseOthers(raw: JsonSchema, known: readonly string[], where: string, pointer: string, report: Report): void {
  for (const keyword of Object.keys(raw)) {
    if (known.includes(keyword)) continue
    report(below(pointer, keyword), `'${keyword}' can not stand ${where}`, { at: 'key', ...meant(keyword, known) })
  }
}

export function listOf(raw: JsonSchema): NonNullable<FieldDraft['list']> {
  const { $ref, onDelete, visible, inverse } = itemsOf(raw)
  const collection = String($ref)
  return {
    collection,
    onDelete: onDelete === 'restrict' ? 'restrict' : 'remove',
    visible: typeof visible === 'boolean' ? visible : collection !== 'users',
    ...(typeof inverse === 'string' ? { inverse } : {}),
    unique: raw['uniqueItems'] === true,
  }
}

/** What it is where nothing was sent. */
export function emptyList(raw: JsonSchema, required: boolean): readonly never[] | undefined {
  return required || hasLeast(raw) ? undefined : []
}

function hasLeast({ minItems }: JsonSchema): boolean {
  return typeof minItems === 'number' && minItems > 0
}

/** The keywords of lists among one another. */
export function checkList(
  { list, immutable, owner }: FieldDraft,
  raw: JsonSchema,
  isOptional: boolean,
  pointer: string,
  report: Report,
): void {
  if (list === undefined) return
  if (hasLeast(raw) && isOptional && raw['default'] === undefined) {
    report(below(pointer, 'minItems'), 'a list that need not be sent is empty', {
      suggestion: `put it among 'required', or give it a default`,
    })
  }
  const { onDelete } = itemsOf(raw)
  const at = below(pointer, 'items', 'onDelete')
  if (onDelete === 'cascade' || onDelete === 'setNull') {
    report(at, `'${onDelete}' is for single references; an entry of a list is removed with its record`, {
      suggestion: 'write remove, or restrict to keep what is referred to',
    })
  }
  if (immutable && list.onDelete === 'remove') {
    report(below(pointer, 'immutable'), 'an immutable list can not lose its entries', {
      suggestion: 'write onDelete: restrict beside $ref',
    })
  }
  if (list.visible === false && list.collection !== 'users') {
    report(below(pointer, 'items', 'visible'), 'only references to users can be set by whoever may not view the record')
  }
  if (owner) report(below(pointer, 'owner'), 'an owner is one user', { suggestion: 'write {$ref: users, owner: true}' })
}

function itemsOf(raw: JsonSchema): JsonSchema {
  return isSchema(raw['items']) ? raw['items'] : {}
}
