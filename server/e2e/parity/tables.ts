/** The kinds of cover that a record can be under: the collections of `apps/parity`. */
export const covers = ['rows', 'tenants', 'masked', 'hidden', 'trashed', 'locked', 'derived', 'shown'] as const
export type Cover = (typeof covers)[number]

/**
 * What is shown. `own`: to the insider alone. `all`: to everybody. `none`: to nobody. `400`: the field is unknown to everybody.
 */
export const SHOWN = `
  way                         | rows | tenants | masked | hidden | trashed | locked | derived | shown
  get                         | own  | own     | own    | none   | none    | none   | own     | own
  get one field               | own  | own     | own    | 400    | none    | none   | own     | own
  list                        | own  | own     | own    | none   | none    | none   | own     | own
  list one field              | own  | own     | own    | 400    | none    | none   | own     | own
  filter                      | own  | own     | own    | 400    | none    | none   | own     | own
  filter that negates         | own  | own     | own    | 400    | none    | none   | own     | own
  sort                        | own  | own     | own    | 400    | none    | none   | own     | own
  count                       | own  | own     | all    | all    | none    | none   | all     | own
  exists                      | own  | own     | own    | 400    | none    | none   | own     | own
  search                      | own  | own     | none   | none   | none    | none   | none    | -
  highlight                   | own  | own     | none   | none   | none    | none   | none    | -
  search: count               | own  | own     | none   | none   | none    | none   | none    | -
  search: groups              | own  | own     | none   | none   | none    | none   | none    | -
  search: values              | own  | own     | none   | none   | none    | none   | none    | -
  search: export              | own  | own     | none   | none   | none    | none   | none    | -
  expand                      | own  | own     | own    | none   | none    | none   | own     | -
  expand one field            | own  | own     | own    | 400    | none    | none   | own     | -
  expand a list of references | own  | own     | own    | none   | none    | none   | own     | -
  expand a relation back      | own  | own     | own    | none   | none    | none   | own     | own
  filter within an expand     | own  | own     | own    | 400    | none    | none   | own     | own
  sort within an expand       | own  | own     | own    | 400    | none    | none   | own     | own
  filter over a relation      | own  | own     | own    | 400    | none    | none   | own     | -
  filter over a list          | own  | own     | own    | 400    | none    | none   | own     | -
  filter over a relation back | own  | own     | own    | 400    | none    | none   | own     | own
  sort over a relation        | own  | own     | own    | 400    | none    | none   | own     | -
  aggregate: groups           | own  | own     | own    | 400    | none    | none   | own     | own
  aggregate: least            | own  | own     | own    | 400    | none    | none   | own     | own
  aggregate: greatest         | own  | own     | own    | 400    | none    | none   | own     | own
  aggregate: count of values  | own  | own     | own    | 400    | none    | none   | own     | own
  aggregate: filter           | own  | own     | own    | 400    | none    | none   | own     | own
  aggregate: expression       | own  | own     | own    | 400    | none    | none   | own     | own
  aggregate over a relation   | own  | own     | own    | 400    | none    | none   | own     | -
  distinct                    | own  | own     | own    | 400    | none    | none   | own     | own
  distinct over a relation    | own  | own     | own    | 400    | none    | none   | own     | -
  export as JSON lines        | own  | own     | own    | none   | none    | none   | own     | own
  export as JSON              | own  | own     | own    | none   | none    | none   | own     | own
  export as CSV               | own  | own     | own    | none   | none    | none   | own     | own
  export one field            | own  | own     | own    | 400    | none    | none   | own     | own
  export by filter            | own  | own     | own    | 400    | none    | none   | own     | own
  export sorted               | own  | own     | own    | 400    | none    | none   | own     | own
  bulk update: how many match | own  | own     | own    | 400    | none    | none   | own     | -
  bulk delete: how many match | own  | own     | own    | 400    | none    | none   | own     | -
  transitions                 | own  | own     | own    | own    | none    | none   | own     | -
  history                     | own  | own     | own    | none   | own     | none   | own     | -
  trash                       | -    | -       | -      | -      | own     | -      | -       | -
  trash: filter               | -    | -       | -      | -      | own     | -      | -       | -
  trash: count                | -    | -       | -      | -      | own     | -      | -       | -
`

/**
 * What becomes of a write by the insider, by an outsider and by nobody in particular: `done`, `none` of many, or the code of the problem.
 * The last word goes for those behind it, too; `-` is what can't be asked. That a key is taken is told to whoever asks; what lies in the trash
 * holds none. Imports pass over what is computed.
 */
export const WRITTEN = `
  way                           | rows                                        | tenants                              | masked                                      | hidden                                      | trashed             | locked              | derived                     | shown
  update                        | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed
  update, only asked            | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed
  JSON patch                    | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed
  JSON patch: guess             | done not_found                              | done not_found                       | done patch_failed forbidden                 | patch_failed patch_failed forbidden         | not_found           | not_found           | done patch_failed forbidden | method_not_allowed
  JSON patch: copy              | done not_found                              | done not_found                       | done patch_failed forbidden                 | patch_failed patch_failed forbidden         | not_found           | not_found           | done patch_failed forbidden | method_not_allowed
  replace                       | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed
  delete                        | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | method_not_allowed
  upsert by its key             | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | unknown_field               | method_not_allowed
  create with its key           | unique_violation unique_violation forbidden | unique_violation reference_not_found | unique_violation unique_violation forbidden | unique_violation unique_violation forbidden | done done forbidden | forbidden           | unknown_field               | method_not_allowed
  bulk update                   | done none                                   | done none                            | done none                                   | done done none                              | none                | none                | unknown_field               | method_not_allowed
  bulk delete                   | done none                                   | done none                            | done none                                   | done none                                   | none                | none                | done none                   | method_not_allowed
  transition                    | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | not_found
  batch: update                 | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request
  batch: JSON patch             | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request
  batch: replace                | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request
  batch: delete                 | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | malformed_request
  batch: upsert                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | unknown_field               | malformed_request
  import by id                  | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | done done forbidden         | method_not_allowed
  import by key                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | done done forbidden         | method_not_allowed
  refer to it                   | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -
  refer to it in a list         | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -
  add it to a list              | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -
  batch: refer to it            | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -
  import what refers to it      | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -
  import what refers to its key | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -
  revert                        | done not_found                              | done not_found                       | done done forbidden                         | done done forbidden                         | not_found           | not_found           | done done forbidden         | not_found
  restore                       | not_found                                   | not_found                            | not_found                                   | not_found                                   | done not_found      | not_found           | not_found                   | not_found
  purge                         | invalid_parameter                           | invalid_parameter                    | invalid_parameter                           | invalid_parameter                           | done not_found      | invalid_parameter   | invalid_parameter           | method_not_allowed
`
