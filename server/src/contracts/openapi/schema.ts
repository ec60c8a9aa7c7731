/** A JSON Schema (2020-12) as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/** An object with these keys and no others. */
export function objectSchema(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  more: Schema = {},
): Schema {
  return {
    type: 'object',
    ...more,
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}

export function nullable(schema: Schema): Schema {
  const { type, enum: values } = schema
  if (
    typeof type === 'string' &&
    values === undefined &&
    !('const' in schema) &&
    !('anyOf' in schema) &&
    !('default' in schema)
  )
    return { ...schema, type: [type, 'null'] }
  return { anyOf: [schema, { type: 'null' }] }
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
