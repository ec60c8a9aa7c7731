import type { CollectionModel } from '../../records/model.ts'
import { describeFields } from '../describe-field.ts'
import { errorCodes } from '../error-codes.ts'
import { inQuery, searchParameter, shared } from './parameters.ts'
import { json, type Problems, response } from './responses.ts'
import { objectSchema, type Schema } from './schema.ts'

const SCALAR: Schema = { type: ['string', 'number', 'boolean', 'null'] }

/** What is asked of many records at once, by path. */
export function aggregateOperations(
  model: CollectionModel,
  operation: (id: string, summary: string, rest: Schema) => Schema,
  problems: Problems,
): Record<string, Schema> {
  const { name } = model
  const names = describeFields(model).flatMap((field) => (field.sortable ? [field.name] : []))
  return {
    [`/${name}/-aggregate`]: {
      get: operation('aggregate', `Counts, sums and averages of ${name}`, {
        parameters: [SELECT, groupParameter(names), shared('Filter'), ...searchParameter(model), HAVING, SORT, LIMIT],
        responses: {
          200: response(
            'One item for each group.',
            [],
            json(itemsOf({ type: 'object', additionalProperties: SCALAR })),
          ),
          ...problems.of(errorCodes.aggregate),
        },
      }),
    },
    [`/${name}/-distinct`]: {
      get: operation('distinct', `The values of a field of ${name}`, {
        parameters: [fieldParameter(names), shared('Filter'), ...searchParameter(model), SORT, LIMIT],
        responses: {
          200: response('Each value once.', [], json(itemsOf(SCALAR))),
          ...problems.of(errorCodes.distinct),
        },
      }),
    },
  }
}

const SELECT = inQuery(
  'select',
  'Results, with commas between: `count`, `count(field)`, `count(distinct field)`, `sum(field)`, `avg(field)`, `min(field)`, `max(field)`, each with a name by `as`. `sum(amount)` is called `sumAmount` without one.',
  { type: 'string', default: 'count', examples: ['count,max(createdAt) as latest'] },
)

const HAVING = inQuery('having', 'An expression (CEL) over the results, by name.', {
  type: 'string',
  minLength: 1,
  examples: ['count > 1'],
})

const SORT = inQuery('sort', 'Names of results, with commas between; `-` for descending.', {
  type: 'string',
  examples: ['-count'],
})

const LIMIT = inQuery(
  'limit',
  'How many of the first items are wanted. Without it all are, and more than 1000 are refused.',
  {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
  },
)

function groupParameter(names: readonly string[]): Schema {
  return inQuery(
    'groupBy',
    "Fields, or time buckets of them: `year`, `quarter`, `month`, `week`, `day` or `hour(field, 'Europe/Berlin')`.",
    { type: 'string', minLength: 1, examples: [names[0] ?? 'id', "month(createdAt,'Europe/Berlin')"] },
  )
}

function fieldParameter(names: readonly string[]): Schema {
  const parameter = inQuery('field', 'A field, or a path to one.', {
    type: 'string',
    minLength: 1,
    examples: [names[0] ?? 'id'],
  })
  return { ...parameter, required: true }
}

function itemsOf(items: Schema): Schema {
  return objectSchema({ items: { type: 'array', items, maxItems: 1000 } }, ['items'])
}
