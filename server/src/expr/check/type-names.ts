import type { CelType } from '../cel-type.ts'

/** A type as a message names it. */
export function typeName(type: CelType): string {
  switch (type.kind) {
    case 'record':
      return `a record of '${type.collection}'`
    case 'list':
      return `list(${type.element.kind})`
    case 'map':
    case 'object':
      return 'map'
    case 'range':
      return `range of ${type.of}`
    case 'uuid':
      return 'id'
    default:
      return type.kind
  }
}

/** What `jsonb` holds. */
export function isJson({ kind }: CelType): boolean {
  return kind === 'dyn' || kind === 'list' || kind === 'map' || kind === 'object'
}

const IN_JSON: ReadonlySet<CelType['kind']> = new Set([
  'bool',
  'int',
  'double',
  'string',
  'uuid',
  'date',
  'time',
  'null',
  'dyn',
  'list',
  'map',
  'object',
])

/** Kinds with one JSON form in both back ends, so that they may stand in lists and maps. */
export function fitsJson({ kind }: CelType): boolean {
  return IN_JSON.has(kind)
}

export function withNull<T extends CelType>(type: T, nullable: boolean): T {
  return type.nullable === nullable ? type : { ...type, nullable }
}
