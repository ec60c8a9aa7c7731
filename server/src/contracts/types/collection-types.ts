import { RANGE_ENDS } from '../../expr/index.ts'
import type { CollectionModel } from '../../records/model.ts'
import { describeFields, describeSignUpField, type FieldContract, freeValues } from '../describe-field.ts'
import { type RelationContract, relationsOf } from '../relations-of.ts'
import { createLines, fieldType, recordLines, type TypeContext, updateLines } from './field-lines.ts'
import { comment, literal, memberLines, pascalCase, propertyName, union } from './source-text.ts'

/** The interfaces of a collection, as TypeScript. */
export function collectionTypes(collection: CollectionModel, context: TypeContext): string[] {
  const { name, description, builtin, view } = collection
  const fields = describeFields(collection)
  const names = typeNames(name)
  const readable = fields.filter((field) => field.read !== 'never')
  const sendable = builtin ? describeFields(collection, describeSignUpField) : fields
  const relations = relationsOf(collection, fields, ({ visible }) => visible)
  const free = freeLines(collection)

  return [
    ...declared(
      names.record,
      [description ?? `A record of \`${name}\`.`],
      [...readable.flatMap((one) => recordLines(one, context)), ...free],
    ),
    ...(view === undefined ? writtenTypes() : []),
    ...(collection.softDelete === undefined ? [] : trashedLines(names)),
    ...(relations.length === 0
      ? []
      : declared(names.expand, [`What \`expand\` brings to a record of \`${name}\`.`], relations.map(expandLine))),
    ...declared(
      names.filter,
      [`What filters of \`${name}\` may name.`],
      [
        ...fields.filter((field) => field.visible).flatMap((one) => filterLines(one, context)),
        ...[...collection.inverses].map(([relation, { collection: target }]) => backLine(relation, target)),
        ...free,
      ],
    ),
  ]

  function writtenTypes(): string[] {
    return [
      ...declared(
        names.create,
        [builtin ? 'What a sign-up takes, beside the password.' : `What creates a record of \`${name}\`.`],
        [...sendable.filter((field) => field.create).flatMap((one) => createLines(one, context)), ...free],
      ),
      ...declared(
        names.update,
        [
          collection.appendOnly
            ? `Nothing changes a record of \`${name}\`.`
            : `What changes a record of \`${name}\`; null takes a value away.`,
        ],
        collection.appendOnly
          ? []
          : [...fields.filter((field) => field.update).flatMap((one) => updateLines(one, context)), ...free],
      ),
    ]
  }
}

/** The line of a collection in the app's interface. */
export function collectionMember(collection: CollectionModel, app: string): string[] {
  const fields = describeFields(collection)
  const names = typeNames(collection.name)
  const operators = fields
    .filter((field) => field.operators.length > 0 && !collection.appendOnly)
    .map((field) => `readonly ${propertyName(field.name)}: ${union(field.operators.map(literal))}`)
  const relations = relationsOf(collection, fields, ({ visible }) => visible)
  const members = [
    `readonly record: ${names.record}`,
    ...(collection.view === undefined
      ? [`readonly create: ${names.create}`, `readonly update: ${names.update}`]
      : ['readonly create: never', 'readonly update: never', 'readonly view: true']),
    ...(collection.softDelete === undefined ? [] : [`readonly trashed: ${names.trashed}`]),
    ...(collection.history === undefined ? [] : ['readonly history: true']),
    ...(collection.appendOnly ? ['readonly appendOnly: true'] : []),
    ...(relations.length === 0
      ? []
      : [
          `readonly expand: ${names.expand}`,
          'readonly relations: {',
          ...relations.map((relation) => indented(relationLine(relation, app))),
          '}',
        ]),
    ...(operators.length === 0
      ? ['readonly operators: object']
      : ['readonly operators: {', ...operators.map(indented), '}']),
    `readonly filter: ${names.filter}`,
    ...sortMember(fields, freeValues(collection) !== undefined),
    ...transitionsMember(collection),
  ]
  return [
    ...comment([collection.description], '    '),
    `    readonly ${propertyName(collection.name)}: {`,
    ...members.map((line) => `      ${line}`),
    '    }',
  ]
}

/** Keys beside the fields. An index signature covers the fields too, so it can promise nothing of their values. */
function freeLines(collection: CollectionModel): string[] {
  if (freeValues(collection) === undefined) return []
  return [...comment(['Keys that the document does not name.'], '  '), '  readonly [key: string]: unknown']
}

function sortMember(fields: readonly FieldContract[], isOpen: boolean): string[] {
  const ends = fields.filter(({ visible, model }) => visible && model.type.end !== undefined)
  const keys = [
    ...fields.filter((field) => field.sortable).map((field) => literal(field.name)),
    ...ends.flatMap(({ name }) => RANGE_ENDS.map((end) => literal(`${name}.${end}`))),
  ]
  // A plain `string` would swallow the names, and editors would complete none.
  const others = isOpen ? ['(string & {})'] : []
  return memberLines('readonly sort', [...keys, ...others].join(' | '), '      ').map((line) => line.slice(6))
}

function transitionsMember({ states }: CollectionModel): string[] {
  if (states === undefined) return []
  const names = [...states.transitions.keys()].map(literal)
  return memberLines('readonly transitions', names.join(' | '), '      ').map((line) => line.slice(6))
}

function typeNames(collection: string) {
  const name = pascalCase(collection)
  return {
    record: `${name}Record`,
    create: `${name}Create`,
    update: `${name}Update`,
    expand: `${name}Expand`,
    filter: `${name}Filter`,
    trashed: `${name}Trashed`,
  }
}

function trashedLines(names: ReturnType<typeof typeNames>): string[] {
  return [
    ...comment(['A record that lies in the trash, with when it was deleted, and by which user.']),
    `export interface ${names.trashed} extends ${names.record} {`,
    '  readonly deletedAt: string',
    '  readonly deletedBy: string | null',
    '}',
    '',
  ]
}

function declared(name: string, paragraphs: readonly string[], lines: readonly string[]): string[] {
  const body =
    lines.length === 0
      ? [`export type ${name} = { readonly [field: string]: never }`]
      : [`export interface ${name} {`, ...lines, '}']
  return [...comment(paragraphs), ...body, '']
}

function expandLine({ name, target, many }: RelationContract): string {
  return `  readonly ${propertyName(name)}: ${many ? 'readonly ' : ''}${typeNames(target).record}${many ? '[]' : ''}`
}

/** The types of the collection that it leads to, for what is asked for within it. */
function relationLine({ name, target }: RelationContract, app: string): string {
  return `readonly ${propertyName(name)}: ${app}['collections'][${literal(target)}]`
}

/** Relations are followed, so they are the fields of the other collection. */
function filterLines(field: FieldContract, context: TypeContext): string[] {
  const { reference } = field.model
  const type =
    reference === undefined ? fieldType(field, context, { nullable: false }) : typeNames(reference.collection).filter
  return memberLines(`readonly ${propertyName(field.name)}`, type, '  ')
}

/** A relation back: `exists` goes over it. */
function backLine(name: string, target: string): string {
  return `  readonly ${propertyName(name)}: readonly ${typeNames(target).record}[]`
}

function indented(line: string): string {
  return `  ${line}`
}
