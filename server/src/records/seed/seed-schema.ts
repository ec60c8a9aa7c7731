/**
 * JSON Schema (2020-12) of `seed.yaml`, for editors; published as `config/seed.schema.json`. It knows the grammar; which collections
 * and fields there are, is checked when the app is loaded.
 */
export function seedSchema(): Readonly<Record<string, unknown>> {
  const name = { type: 'string', pattern: '^[a-z][a-zA-Z0-9]*$' }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Roadbase seed',
    description:
      'Records to begin with, beside `app.yaml`: sets that are made on demand, by `roadbase apps seed`. `default` is the one that is taken unless another is named.',
    type: ['object', 'null'],
    propertyNames: name,
    additionalProperties: {
      description: 'A set: records by name.',
      type: 'object',
      properties: {
        with: {
          description: 'Sets that come before. Their names can be used here.',
          type: 'array',
          items: { type: 'string' },
          uniqueItems: true,
        },
      },
      propertyNames: name,
      additionalProperties: {
        description: 'A collection with a record of it, or with a list of records.',
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: {
          type: ['object', 'array'],
          description:
            'Values by field. A relation is the name of an entry (`seats.0` for one of a list) or an id, a list of references a list of these; `=` and CEL over `now` and `settings` is worked out. Users have a `password`, `roles` and `suspended`, too.',
          items: { type: 'object', description: 'A record.' },
        },
      },
    },
  }
}
