import { MAX_DECIMAL_SCALE, rangeTypes } from '../../expr/index.ts'
import { INTERVAL } from './interval.ts'
import { FORMAT_KEYWORDS, VALUE_KINDS } from './keywords.ts'
import { searchLanguages } from './search-languages.ts'
import { statesKeys } from './states-keys.ts'

/**
 * JSON Schema (2020-12) of the document's `collections:`. It says which keys there are, and describes them
 * for editors; what a keyword means beside another is checked in code, where the message can tell it better.
 * Where a value may have several forms, one schema with several types is used instead of `anyOf`:
 * its errors name the key that is wrong, not every form that it could have been.
 *
 * `$ref`s are absolute, for a document schema that holds these under `properties`.
 */
export const collectionKeys: Readonly<Record<string, object>> = {
  collections: {
    description: 'The collections of records, by name (camelCase). Each is a table of its own.',
    type: 'object',
    propertyNames: { type: 'string', minLength: 1 },
    additionalProperties: { $ref: '#/properties/collections/$defs/collection' },
    $defs: definitions(),
  },
}

function definitions(): Record<string, object> {
  return {
    collection: {
      description: 'A collection: the shape of its records, and who may do what with them.',
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        description: text('What the records are, for people.'),
        renamedFrom: text(
          'What the collection was called before: its records stay. May be left in the document afterwards.',
        ),
        schema: {
          description:
            'JSON Schema of a record; `type: object` is implied. `id`, `createdAt`, `updatedAt` and `version` come by themselves.',
          type: 'object',
          additionalProperties: false,
          properties: {
            type: { const: 'object' },
            title: text('A name for people.'),
            description: text('What a record is.'),
            required: { ...names('Fields that every record has.'), uniqueItems: true },
            properties: {
              description: 'The fields, by name (camelCase).',
              type: 'object',
              additionalProperties: ref('field'),
            },
            additionalProperties: {
              ...ref('value'),
              description:
                'Keys besides the fields: `true`, or what their values are like. They are kept as they come, and become fields once they are named.',
            },
          },
        },
        id: {
          description:
            'A natural key: creators choose the ids, which look like this. Without it the server makes UUIDs (version 7).',
          type: 'object',
          additionalProperties: false,
          properties: {
            type: { enum: ['string', 'integer'], description: 'A text, a UUID (with `format: uuid`) or an integer.' },
            format: { enum: ['uuid'] },
            pattern: text('RE2; anchor it with ^ and $.'),
            minLength: { type: 'integer', minimum: 1 },
            maxLength: { type: 'integer', minimum: 1, maximum: 200 },
            minimum: { type: 'integer' },
            maximum: { type: 'integer' },
            description: text('What the key is.'),
          },
        },
        unique: {
          description:
            'Lists of fields whose values no two records share: `[[screen, line], [code]]`, or `{fields: [code], where: CEL}`.',
          type: 'array',
          items: fieldsOrObject('Fields, as one key.'),
        },
        index: {
          description:
            'Lists of fields to filter and sort by quickly, `-` for descending: `[[room, -createdAt]]`, or `{fields: […], where: CEL}`.',
          type: 'array',
          items: fieldsOrObject('Fields, `-` for descending.'),
        },
        check: {
          description:
            'CEL over `record` that every record meets, whoever writes it. One, a list, or `{rule, message}`.',
          type: ['string', 'array', 'object'],
          minLength: 1,
          items: { ...check(), type: ['string', 'object'], minLength: 1 },
          ...check(),
        },
        exclude: {
          description:
            'What no two records with an equal `key` have in common: any part of their ranges. `[{key: [room], range: stay}]`, `[{key: [screen], range: [startsAt, endsAt]}]`.',
          type: 'array',
          items: exclude(),
        },
        search: searchKey(),
        appendOnly: {
          type: 'boolean',
          default: false,
          description: 'Records are added, and never changed nor deleted, by anybody.',
        },
        ledger: {
          description:
            'Amounts that add up to zero in each group, or the transaction does not commit. `{sum: amount, per: transfer}`.',
          type: 'object',
          additionalProperties: false,
          required: ['sum', 'per'],
          properties: {
            sum: text('The field that is summed up: decimal, integer or int64.'),
            per: {
              type: ['string', 'array'],
              minLength: 1,
              minItems: 1,
              uniqueItems: true,
              items: { type: 'string' },
              description: 'The field, or fields, that make a group: `transfer`, `[transfer, currency]`.',
            },
          },
        },
        rules: {
          description:
            'Who may do what: true, false or CEL over `auth`, `record`, `data`, `request`, `settings`, `now`. Absent = nobody.',
          type: 'object',
          additionalProperties: false,
          properties: {
            read: rule('list and view'),
            write: rule('create, update and delete'),
            list: rule('see a record in a list'),
            view: rule('get a record by its id'),
            create: rule('create a record; `record` is the new one'),
            update: rule('change a record; must hold before and after'),
            delete: rule('delete a record'),
          },
        },
        fields: {
          description: 'Rules of single fields. They narrow what the rules above allow, and never widen it.',
          type: 'object',
          additionalProperties: {
            type: 'object',
            additionalProperties: false,
            properties: {
              read: rule('see the field'),
              write: rule('set the field at creation and change it'),
              create: rule('set the field at creation'),
              update: rule('change the field'),
            },
          },
        },
        states: statesKeys,
        history: {
          description:
            'Keeps every version of its records, with who wrote it and when. Nobody reads them but administrators, unless `read` says who.',
          type: ['boolean', 'object'],
          additionalProperties: false,
          properties: {
            read: rule('see the versions of a record; `record` is the version'),
            keep: {
              ...INTERVAL,
              description:
                'How long a version is kept after another has taken its place, in minutes, hours or days: `90d`. Absent = forever.',
            },
          },
        },
        view: {
          type: 'string',
          minLength: 1,
          description:
            'SQL, one `select` over other collections: its rows are the records, which nobody writes. Its columns are the fields, and one of them is `id`.',
          examples: [
            'select s.id, count(t.id) as sold from showtimes s left join taken_seats t on t.showtime = s.id group by s.id',
          ],
        },
        materialized: {
          description:
            'Of a `view`: its rows are kept, and made anew when a load changes it, when somebody asks, and as often as `every` says.',
          type: ['boolean', 'object'],
          additionalProperties: false,
          properties: {
            every: { ...INTERVAL, description: 'How often, in minutes, hours or days: `5m`. Absent = not by itself.' },
          },
        },
        storage: {
          description: '`memory` is fast and empty after a crash of the database (an unlogged table).',
          enum: ['durable', 'memory'],
          default: 'durable',
        },
        softDelete: {
          description:
            'Deleted records go to the trash, and can be brought back from there until they are purged: `true`, or how long and who.',
          type: ['boolean', 'object'],
          additionalProperties: false,
          properties: {
            purgeAfter: {
              ...INTERVAL,
              description: 'How long they stay in the trash, in minutes, hours or days: `30d`.',
              default: '30d',
            },
            trash: rule(
              'see what lies in the trash; `record` also has `deletedAt` and `deletedBy`. Absent = whoever may view and delete',
            ),
            restore: rule('bring a record back from the trash. Absent = whoever may delete'),
          },
        },
        expires: text(
          'A field with a date and time: when it has come, the record is there for nobody any more, and is deleted. A record without one stays.',
        ),
      },
    },
    field: {
      type: 'object',
      additionalProperties: false,
      properties: { ...valueKeywords(), ...nestedKeywords(), ...fieldKeywords(), items: ref('items') },
    },
    items: {
      type: ['object', 'boolean'],
      additionalProperties: false,
      properties: { ...valueKeywords(), ...nestedKeywords(), ...itemKeywords() },
    },
    value: {
      type: ['object', 'boolean'],
      additionalProperties: false,
      properties: { ...valueKeywords(), ...nestedKeywords() },
    },
  }
}

/** What a value may be, for a field as for what lies inside objects and arrays. */
export function valueKeywords(): Record<string, object> {
  const count = { type: 'integer', minimum: 0 }
  const bound = {
    type: ['number', 'string'],
    description: 'A number; for decimal and int64 a string with every digit.',
  }
  return {
    type: {
      type: ['string', 'array'],
      description: 'string, integer, number, boolean, object or array; of a field also range.',
      examples: [...VALUE_KINDS],
      items: { enum: [...VALUE_KINDS, 'null'] },
    },
    title: text('A name for people.'),
    description: text('What the value means.'),
    examples: { type: 'array' },
    $comment: text('A note; no effect.'),
    // Doubles are found by the check of values: of a list of anything, `uniqueItems` compares each entry with each.
    enum: { type: 'array', minItems: 1, description: 'The texts that are allowed.' },
    const: { description: 'The only value that is allowed.' },
    format: { enum: Object.keys(FORMAT_KEYWORDS), description: 'What kind of text; decides the column.' },
    minLength: count,
    maxLength: count,
    pattern: text('RE2; matches anywhere unless anchored with ^ and $.'),
    minimum: bound,
    maximum: bound,
    exclusiveMinimum: bound,
    exclusiveMaximum: bound,
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    scale: {
      type: 'integer',
      minimum: 0,
      maximum: MAX_DECIMAL_SCALE,
      description: 'Digits after the point of a decimal. Default 2.',
    },
    properties: { type: 'object', additionalProperties: ref('value') },
    required: { ...names('Keys that must be there.'), uniqueItems: true },
    additionalProperties: {
      ...ref('value'),
      description: 'Other keys: false where `properties` stand, unless said otherwise.',
    },
    patternProperties: { type: 'object', additionalProperties: ref('value') },
    propertyNames: ref('value'),
    minProperties: count,
    maxProperties: count,
    dependentRequired: { type: 'object', additionalProperties: names('Keys that must be there too.') },
    items: ref('value'),
    prefixItems: { type: 'array', minItems: 1, items: ref('value') },
    minItems: count,
    maxItems: count,
    uniqueItems: { type: 'boolean' },
    contains: ref('value'),
    minContains: count,
    maxContains: count,
    $ref: text('Another collection: the id of one of its records. In `items`: a list of references, kept in order.'),
  }
}

/** What only a field of a record can have. */
function fieldKeywords(): Record<string, object> {
  const flag = (description: string) => ({ type: 'boolean', description })
  return {
    of: {
      enum: Object.keys(rangeTypes),
      description: 'What a range is of: `{type: range, of: date}`. Its value is `{from, until}`; `until` is not in it.',
    },
    open: {
      enum: ['from', 'until', 'both'],
      description: 'Which ends of a range may be left open. Absent = both ends are there.',
    },
    default: {
      description:
        'The value when none is sent: a literal, or `=` and CEL over `auth`, `data`, `request`, `settings`, `now`.',
    },
    readonly: flag('Never written through the API.'),
    hidden: flag('Never read through the API.'),
    immutable: flag('Set once, by whoever writes.'),
    message: {
      type: 'string',
      minLength: 1,
      maxLength: 500,
      description: 'What callers are told when a value does not fit, whatever is wrong with it.',
    },
    messages: {
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1, maxLength: 500 },
      description:
        'What callers are told by keyword: `required`, `pattern`, `minLength`, `unique`, …; before `message`.',
    },
    owner: flag('The caller, at creation. For `$ref: users`.'),
    renamedFrom: text('What the field was called before: its values stay. May be left in the document afterwards.'),
    backfill: {
      type: ['string', 'number', 'boolean'],
      minLength: 1,
      description:
        'CEL over `record` and `now`: what records that are there already get, when the field is new or becomes required.',
    },
    sequence: {
      type: ['boolean', 'string', 'object'],
      minLength: 1,
      examples: [true, 'INV-{year}-{n:5}'],
      description:
        'The database numbers the records: `true`, a format (`INV-{year}-{n:5}`), or a map. Parts: `{n}`, `{n:5}`, `{year}`, `{month}`, `{day}`, `{field}`.',
      additionalProperties: false,
      properties: {
        format: text('What the number of a text looks like: `INV-{year}-{n:5}`.'),
        per: {
          type: ['string', 'array'],
          minLength: 1,
          minItems: 1,
          uniqueItems: true,
          items: { type: 'string' },
          description:
            'Counted by these, each from the start: fields, `year`, `month`, `day`. Such numbers have no gaps.',
        },
        gapless: flag('No number is left out, for which records are stored one after the other. Default with `per`.'),
        zone: { type: 'string', default: 'UTC', description: 'The time zone of `{year}`, `{month}`, `{day}`.' },
        start: { type: 'integer', minimum: 0, maximum: 9_007_199_254_740_991, default: 1 },
        step: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
      },
    },
    computed: {
      type: 'string',
      minLength: 1,
      examples: ['record.price * record.amount'],
      description:
        'CEL over `record`: made of the other fields whenever the record is written, by whomever; with `now`, `auth.id`, relations or lookups, whenever it is read. Nobody sends it.',
    },
    onDelete: {
      enum: ['cascade', 'restrict', 'setNull'],
      default: 'restrict',
      description: 'What happens to this record when the one it refers to is deleted.',
    },
    visible: flag('Whoever sets it must be able to view the record referred to. Always so, but for `users`.'),
    inverse: inverse(),
  }
}

function inverse(): object {
  return {
    ...text(
      'What the relation back is called, on the collection referred to: `expand` lists the records of this one by it, and filters ask them.',
    ),
    minLength: 1,
  }
}

/** What only the items of a list of references can have. */
function itemKeywords(): Record<string, object> {
  return {
    onDelete: {
      enum: ['remove', 'restrict', 'cascade', 'setNull'],
      default: 'remove',
      description: 'What happens to the entry when the record it refers to is deleted: remove or restrict.',
    },
    visible: {
      type: 'boolean',
      description: 'Whoever adds an entry must be able to view the record referred to. Always so, but for `users`.',
    },
    inverse: inverse(),
  }
}

export function nestedKeywords(): Record<string, object> {
  const some = { type: 'array', minItems: 1, items: ref('value') }
  return {
    allOf: some,
    anyOf: some,
    oneOf: some,
    not: ref('value'),
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    ...{ if: ref('value'), then: ref('value'), else: ref('value') },
    dependentSchemas: { type: 'object', additionalProperties: ref('value') },
  }
}

function fieldsOrObject(description: string): object {
  return {
    type: ['array', 'object'],
    description,
    minItems: 1,
    items: { type: 'string' },
    properties: {
      fields: { ...names(description), minItems: 1 },
      where: text('CEL: only records that meet it count.'),
    },
    required: ['fields'],
    additionalProperties: false,
  }
}

function check(): object {
  return {
    properties: { rule: text('CEL over `record`.'), message: text('What the caller is told.') },
    required: ['rule'],
    additionalProperties: false,
  }
}

function searchKey(): object {
  const weights = {
    type: 'object',
    minProperties: 1,
    maxProperties: 10,
    additionalProperties: { enum: ['A', 'B', 'C', 'D'] },
  }
  const weight = 'How much a word counts that is found there: `A` most, `D` least.'
  return {
    description:
      'Fields in which `search=` looks for words, with their weights: `{title: A, about: B}`, or `{fields: {title: A}, language: german, fuzzy: true}`.',
    anyOf: [
      {
        type: 'object',
        additionalProperties: false,
        required: ['fields'],
        properties: {
          fields: { ...weights, description: weight },
          language: {
            enum: searchLanguages,
            default: 'english',
            description: 'Whose endings and stop words are known; `simple` knows none.',
          },
          fuzzy: {
            type: 'boolean',
            default: false,
            description: 'Whether words are found that are written a little differently. Needs `pg_trgm`.',
          },
        },
      },
      { ...weights, description: weight },
    ],
  }
}

function exclude(): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['range'],
    properties: {
      key: { ...names('Fields that are equal; without it, all records share one range.'), uniqueItems: true },
      range: {
        ...names(
          'A field that is a range; or two of one type (date-time, date, integer, decimal): the begin and the end. No value = open.',
        ),
        type: ['string', 'array'],
        minItems: 2,
        maxItems: 2,
      },
      bounds: {
        enum: ['[)', '[]'],
        default: '[)',
        description:
          'Whether the end belongs to the range: `[]` for last days, `[)` where the next may begin at the end.',
      },
      where: text('CEL: only records that meet it count.'),
      message: text('What the caller is told.'),
    },
  }
}

function rule(what: string): object {
  return { type: ['boolean', 'string'], minLength: 1, description: `Who may ${what}.` }
}

function names(description: string): object {
  return { type: 'array', items: { type: 'string' }, description }
}

function text(description: string): object {
  return { type: 'string', description }
}

function ref(definition: string): object {
  return { $ref: `#/properties/collections/$defs/${definition}` }
}
