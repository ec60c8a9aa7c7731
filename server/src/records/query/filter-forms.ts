import { LRUCache } from 'lru-cache'
import type { CheckedExpression, Environment } from '../../expr/index.ts'
import type { CollectionModel } from '../model.ts'
import { checkFilter, checkTemplate, type FilterParameter, filterTemplate } from './filter.ts'

/** What is made once for all requests that differ only in the values of their filters. */
export interface FilterForms<Form> {
  /**
   * `rest` stands for all that is part of the form beside the filter, and `make` makes one that is not known yet; it gets the filter,
   * checked, and throws 400s. The values are those of the filter, in the order of its parameters.
   */
  of(
    rest: string,
    filter: string | undefined,
    make: (filter: CheckedExpression | undefined, parameters: readonly FilterParameter[]) => Form,
  ): { readonly form: Form; readonly values: readonly string[] }
}

const MAX_FORMS = 500

export function createFilterForms<Form>(environment: Environment, model: CollectionModel): FilterForms<Form> {
  // Without a form: its values have to stay in its text.
  const forms = new LRUCache<string, { readonly form?: Form }>({ max: MAX_FORMS })

  return {
    of(rest, source, make) {
      if (source === undefined) return { form: known(rest, () => make(undefined, [])), values: [] }
      const template = filterTemplate(source)
      const key = `${rest}?${template.key}`
      const found = forms.get(key)
      if (found?.form !== undefined) return { form: found.form, values: template.values }
      const filter = found === undefined ? checkTemplate(environment, model, template) : undefined
      if (filter !== undefined) {
        const form = make(filter, template.parameters)
        forms.set(key, { form })
        return { form, values: template.values }
      }
      // It types only with its values in place, such as a date written as a string.
      const form = known(`${rest}=${source}`, () => make(checkFilter(environment, model, source), []))
      forms.set(key, {})
      return { form, values: [] }
    },
  }

  function known(key: string, make: () => Form): Form {
    const found = forms.get(key)?.form
    if (found !== undefined) return found
    const form = make()
    forms.set(key, { form })
    return form
  }
}

/**
 * Parameters in the key of a form. Each is told apart from every other text, and from none: what is empty, or looks like a key, is wrong,
 * and must not find the form of somebody who was right.
 */
export function keyOf(...parameters: readonly (string | undefined)[]): string {
  return parameters.map((text) => (text === undefined ? '-' : `${text.length}:${text}`)).join('')
}
