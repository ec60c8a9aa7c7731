import type { CollectionModel, TransitionModel } from '../../records/model.ts'
import { errorCodes } from '../error-codes.ts'
import { pascalCase } from '../types/source-text.ts'
import { idParameter, shared } from './parameters.ts'
import { ANYBODY } from './record-operations.ts'
import { schemaNames } from './record-schemas.ts'
import { json, type Problems, response } from './responses.ts'
import type { Samples } from './samples.ts'
import { objectSchema, ref, type Schema } from './schema.ts'

/** The operations on the states of a collection's records, by path; nothing where they have none. */
export function stateOperations(model: CollectionModel, problems: Problems, samples: Samples): Record<string, Schema> {
  const { name, states } = model
  if (states === undefined) return {}
  const transitions = [...states.transitions.values()]
  const [first] = transitions
  const items = first === undefined ? [] : [{ name: first.name, to: first.to }]
  return {
    [`/${name}/{id}/-transitions`]: {
      parameters: [idParameter(model)],
      get: {
        operationId: `transitionsOf${pascalCase(name)}`,
        summary: `What can be done with a record of ${name} now`,
        description: 'The transitions that would succeed for the caller.',
        tags: [name],
        security: ANYBODY,
        responses: {
          200: response('The transitions.', [], json(ref('Transitions'), { items })),
          ...problems.of(errorCodes.listTransitions),
        },
      },
    },
    ...Object.fromEntries(
      transitions.map((transition) => [
        `/${name}/{id}/${transition.name}`,
        { parameters: [idParameter(model)], post: transitionOperation(model, transition, problems, samples) },
      ]),
    ),
  }
}

/** What `-transitions` answers, if any collection has states. */
export function transitionSchemas(collections: readonly CollectionModel[]): Record<string, Schema> {
  if (collections.every(({ states }) => states === undefined)) return {}
  const text = { type: 'string' }
  const item = objectSchema({ name: text, to: { ...text, description: 'The state that it leads to.' } }, ['name', 'to'])
  return { Transitions: objectSchema({ items: { type: 'array', items: item } }, ['items']) }
}

function transitionOperation(
  model: CollectionModel,
  { name, from, to, refusal }: TransitionModel,
  problems: Problems,
  samples: Samples,
): Schema {
  const names = schemaNames(model.name)
  const sample = samples.record(model.name)
  const states = from.map((state) => `\`${state}\``).join(' or ')
  return {
    operationId: `transition${pascalCase(model.name)}${pascalCase(name)}`,
    summary: `\`${name}\` of a record of ${model.name}`,
    description: `From ${states} to \`${to}\`.`,
    tags: [model.name],
    security: ANYBODY,
    parameters: [shared('IfMatch'), shared('Prefer')],
    requestBody: { required: false, content: json(objectSchema({}, [])) },
    responses: {
      200: response(
        'The record as it is now.',
        ['ETag', 'PreferenceApplied'],
        json({ anyOf: [ref(names.record), ref(names.written)] }, sample),
      ),
      ...problems.of(errorCodes.transition, refusal === undefined ? [] : [refusal]),
    },
  }
}
