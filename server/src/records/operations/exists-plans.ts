import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import type { CollectionModel } from '../model.ts'
import { createFilterForms } from '../query/filter-forms.ts'
import { type ExistsRow, existsStatement } from '../statements/exists.ts'
import type { ListInput } from '../statements/list.ts'
import { compileQuery } from './compile-query.ts'
import { createListLane } from './list-lane.ts'
import { viewProblem } from './view-problem.ts'

/** The lanes for the question whether there is such a record, one for each form of filter. */
export interface ExistsPlans {
  of(filter: string | undefined): { readonly form: Lane<ListInput, boolean>; readonly values: readonly string[] }
}

export function createExistsPlans(app: AppRecords, model: CollectionModel): ExistsPlans {
  const forms = createFilterForms<Lane<ListInput, boolean>>(app.environment, model)
  return {
    of: (source) =>
      forms.of('', source, (filter, parameters) => {
        const statement = compileQuery(() => existsStatement(app, model, { filter, parameters }))
        return createListLane(
          app.deps,
          statement,
          ({ found }: ExistsRow) => found,
          (error) => viewProblem(app, statement.text, error),
        )
      }),
  }
}
