/** JSON Schema of `states:` of a collection. */
export const statesKeys: object = {
  description:
    'The states of a record, and the transitions between them: `POST …/{id}/{transition}`. Nothing else changes the state, whoever writes.',
  type: 'object',
  additionalProperties: false,
  required: ['of', 'transitions'],
  properties: {
    of: { type: 'string', description: 'The field that holds the state: one with `enum`.' },
    initial: { type: 'string', description: 'The state of new records. Default: that of the field.' },
    transitions: {
      description: 'The transitions, by name (camelCase).',
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['from', 'to'],
        properties: {
          from: {
            type: ['string', 'array'],
            description: 'The state that it begins in, or a list of them.',
            minItems: 1,
            uniqueItems: true,
            items: { type: 'string' },
          },
          to: { type: 'string', description: 'The state that it leads to.' },
          allow: {
            type: ['boolean', 'string'],
            minLength: 1,
            description:
              'Who may: true, false or CEL over `auth`, `record`, `request`, `settings`, `now`. Absent = nobody but administrators.',
          },
          if: {
            type: 'string',
            minLength: 1,
            description: 'CEL over the same: what must be true of the record, whoever asks.',
          },
          else: {
            type: 'string',
            description: 'The error of `errors:` when `if` is not true. Default: `transition_refused`.',
          },
          set: {
            description: 'Fields that it sets as well: a literal, or `=` and CEL over the same.',
            type: 'object',
            minProperties: 1,
            additionalProperties: true,
          },
        },
      },
    },
  },
}
