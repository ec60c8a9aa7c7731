import { Problem } from '../../errors/problem.ts'
import { type Caller, holderOf } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { hiddenStatement, type ListInput } from '../statements/list.ts'
import { estimateCount } from './estimate-count.ts'
import { keepFacts } from './keep-facts.ts'
import type { ListForm, ListParameters } from './list-plans.ts'
import { viewProblem } from './view-problem.ts'

export interface ListOutput {
  /** `{items, nextCursor, total?}` */
  readonly body: string
  /** In development, for an empty list: how many records (up to 1,000) the list rule keeps from the caller. */
  readonly hiddenByRule?: number
}

/** A page of the records that the caller may list. */
export async function listRecords(
  collection: Collection,
  sender: Caller,
  input: ListParameters & { readonly cursor?: string | undefined },
): Promise<ListOutput> {
  const caller = keepFacts(collection, sender)
  const { form, values, expandValues } = collection.lists.of(input)
  const { cursors, development } = collection.app.deps
  const binding = bindingOf(collection, caller, input, form)
  const position = input.cursor === undefined ? undefined : cursors.decode(input.cursor, binding, form.sort.length)
  const request: ListInput = {
    caller,
    binding,
    values,
    expandValues,
    position,
    ...(input.search === undefined ? {} : { search: input.search }),
  }
  const page = await form.lane(position).submit(request)
  const body =
    form.count === 'estimated' ? withTotal(page.body, await estimateCount(collection, form, request)) : page.body
  if (!page.isEmpty || !development || input.cursor !== undefined) return { body }
  const hiddenByRule = await countHidden(collection, form, request)
  const { app, model } = collection
  const { slug, deps } = app
  if (hiddenByRule > 0) {
    deps.report({ type: 'records.hidden_by_rule', app: slug, collection: model.name, hidden: hiddenByRule })
  }
  return { body, hiddenByRule }
}

/**
 * A cursor serves the same list of the same caller: other fields of the records may be asked for, nothing else.
 * No two lists have the same text, for names and ids have no slash and the filter's length stands before it.
 * With the types of the sort keys, which another version of the app may have changed: values of the old ones would be no position.
 */
function bindingOf(
  collection: Collection,
  caller: Caller,
  { filter = '', sort = '', search }: ListParameters,
  form: ListForm,
): string {
  const types = form.sort.map(({ pg }) => pg).join()
  return `${collection.app.slug}/${collection.model.name}/${holderOf(caller) ?? ''}/${types}/${filter.length}/${filter}${sort}${search === undefined ? '' : `/${search}`}`
}

function withTotal(body: string, total: string): string {
  return `${body.slice(0, -1)},"total":${total}}`
}

async function countHidden(collection: Collection, form: ListForm, request: ListInput): Promise<number> {
  const { app, model } = collection
  const { text, inputs } = hiddenStatement(app, model, form.query(undefined))
  const asked = app.deps.db.once<{ hidden: number }>(text, inputs.params([request]), { idempotent: true })
  const [row] = await asked.catch((error: unknown) => {
    throw viewProblem(app, text, error)
  })
  if (row === undefined) throw new Problem('internal')
  return row.hidden
}
