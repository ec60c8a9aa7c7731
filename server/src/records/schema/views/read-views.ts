import type { Parts } from '../../../apps/parts.ts'
import { below } from '../../../errors/pointer.ts'
import { fieldType } from '../../../expr/index.ts'
import type { CollectionDraft, FieldDraft } from '../draft.ts'
import type { Report } from '../report.ts'
import { type Drafts, describeDrafts } from './describe-drafts.ts'
import type { ExpressionContext } from './stored-fields.ts'

/**
 * The collections of a document with the fields of its views, which PostgreSQL tells. Without a database, and where the document has
 * other mistakes (of which those of a view may follow), views stay as they are: their fields are not known.
 *
 * What refers to a view has a column of the type of its id, and the view may read that column. So a type is assumed, a UUID at first,
 * and where it is another one, PostgreSQL is asked again.
 */
export function* readViews(
  drafts: Drafts,
  isRight: () => boolean,
  context: ExpressionContext,
  report: Report,
): Parts<Drafts> {
  const views = [...drafts.values()].filter(({ view }) => view !== undefined)
  if (views.length === 0 || !isRight()) return drafts
  let assumed = drafts
  for (let round = 1; ; round++) {
    const described = yield* describeDrafts(assumed, context)
    if (described === undefined) return drafts
    const { known, issues } = described
    const others = idsUnlike(assumed, known)
    if (others.length > 0 && round <= views.length) {
      const ids = others.map(({ draft, id }) => [draft.name, { ...draft, fields: new Map([['id', id]]) }] as const)
      assumed = new Map([...assumed, ...ids])
      continue
    }
    for (const { draft } of others) {
      report(below(draft.pointer, 'view'), 'the type of its id follows from what refers to it, and that from its id', {
        suggestion: 'cast the id, as by `::text`',
      })
    }
    for (const issue of issues) report(...issue)
    refuseKeptDue(drafts, known, report)
    return new Map([...drafts].map(([name, draft]) => [name, known.get(name) ?? draft]))
  }
}

interface OtherId {
  /** As it was assumed. */
  readonly draft: CollectionDraft
  readonly id: FieldDraft
}

/** The views that are referred to and have another type of id than the one assumed. */
function idsUnlike(assumed: Drafts, known: Drafts): OtherId[] {
  const referred = new Set(
    [...assumed.values()].flatMap(({ fields, raw, view }) => {
      const ofView = view === undefined ? [] : Object.values(raw.schema?.properties ?? {})
      return [
        ...[...fields.values()].map(({ reference }) => reference?.collection),
        ...ofView.map((one) => one['$ref']),
      ]
    }),
  )
  return [...known.values()].flatMap(({ name, fields }) => {
    const draft = assumed.get(name)
    const [id, former] = [fields.get('id'), draft?.fields.get('id')]
    if (!referred.has(name) || draft === undefined || id === undefined || former === undefined) return []
    return fieldType(id.complete).pg === fieldType(former.complete).pg ? [] : [{ draft, id }]
  })
}

/** Rows that are kept would show a record whose time has come, until they are made anew. */
function refuseKeptDue(drafts: Drafts, known: Drafts, report: Report): void {
  const tables = new Map([...drafts.values()].map((draft) => [draft.tableName, known.get(draft.name) ?? draft]))
  const expiring = (table: string): string | undefined => {
    const draft = tables.get(table)
    if (draft?.raw.expires !== undefined) return draft.name
    // Views that read one another in a circle have been told of, and are not known.
    return draft?.view?.reads.map(expiring).find((name) => name !== undefined)
  }
  for (const { pointer, tableName, view } of known.values()) {
    const name = view?.materialized === undefined ? undefined : expiring(tableName)
    if (name === undefined) continue
    const message = `the records of '${name}' expire, and rows that are kept would go on showing those whose time has come`
    report(below(pointer, 'materialized'), message, {
      at: 'key',
      suggestion: 'leave it out: a view that is not materialized is always of now',
    })
  }
}
