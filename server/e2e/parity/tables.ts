/** The kinds of cover that a record can be under: the collections of `apps/parity`. */
export const covers = [
  'rows',
  'tenants',
  'masked',
  'hidden',
  'trashed',
  'locked',
  'derived',
  'shown',
  'expired',
] as const
export type Cover = (typeof covers)[number]

/**
 * What is shown. `own`: to the insider alone. `all`: to everybody. `none`: to nobody. `400`: the field is unknown to everybody.
 */
export const SHOWN = `
  way                         | rows | tenants | masked | hidden | trashed | locked | derived | shown | expired
  get                         | own  | own     | own    | none   | none    | none   | own     | own   | none
  get one field               | own  | own     | own    | 400    | none    | none   | own     | own   | none
  list                        | own  | own     | own    | none   | none    | none   | own     | own   | none
  list one field              | own  | own     | own    | 400    | none    | none   | own     | own   | none
  filter                      | own  | own     | own    | 400    | none    | none   | own     | own   | none
  filter that negates         | own  | own     | own    | 400    | none    | none   | own     | own   | none
  sort                        | own  | own     | own    | 400    | none    | none   | own     | own   | none
  count                       | own  | own     | all    | all    | none    | none   | all     | own   | none
  exists                      | own  | own     | own    | 400    | none    | none   | own     | own   | none
  search                      | own  | own     | none   | none   | none    | none   | none    | -     | none
  highlight                   | own  | own     | none   | none   | none    | none   | none    | -     | none
  search: count               | own  | own     | none   | none   | none    | none   | none    | -     | none
  search: groups              | own  | own     | none   | none   | none    | none   | none    | -     | none
  search: values              | own  | own     | none   | none   | none    | none   | none    | -     | none
  search: export              | own  | own     | none   | none   | none    | none   | none    | -     | none
  expand                      | own  | own     | own    | none   | none    | none   | own     | -     | none
  expand one field            | own  | own     | own    | 400    | none    | none   | own     | -     | none
  expand a list of references | own  | own     | own    | none   | none    | none   | own     | -     | none
  expand a relation back      | own  | own     | own    | none   | none    | none   | own     | own   | none
  filter within an expand     | own  | own     | own    | 400    | none    | none   | own     | own   | none
  sort within an expand       | own  | own     | own    | 400    | none    | none   | own     | own   | none
  filter over a relation      | own  | own     | own    | 400    | none    | none   | own     | -     | none
  filter over a list          | own  | own     | own    | 400    | none    | none   | own     | -     | none
  filter over a relation back | own  | own     | own    | 400    | none    | none   | own     | own   | none
  sort over a relation        | own  | own     | own    | 400    | none    | none   | own     | -     | none
  aggregate: groups           | own  | own     | own    | 400    | none    | none   | own     | own   | none
  aggregate: least            | own  | own     | own    | 400    | none    | none   | own     | own   | none
  aggregate: greatest         | own  | own     | own    | 400    | none    | none   | own     | own   | none
  aggregate: count of values  | own  | own     | own    | 400    | none    | none   | own     | own   | none
  aggregate: filter           | own  | own     | own    | 400    | none    | none   | own     | own   | none
  aggregate: expression       | own  | own     | own    | 400    | none    | none   | own     | own   | none
  aggregate over a relation   | own  | own     | own    | 400    | none    | none   | own     | -     | none
  distinct                    | own  | own     | own    | 400    | none    | none   | own     | own   | none
  distinct over a relation    | own  | own     | own    | 400    | none    | none   | own     | -     | none
  export as JSON lines        | own  | own     | own    | none   | none    | none   | own     | own   | none
  export as JSON              | own  | own     | own    | none   | none    | none   | own     | own   | none
  export as CSV               | own  | own     | own    | none   | none    | none   | own     | own   | none
  export one field            | own  | own     | own    | 400    | none    | none   | own     | own   | none
  export by filter            | own  | own     | own    | 400    | none    | none   | own     | own   | none
  export sorted               | own  | own     | own    | 400    | none    | none   | own     | own   | none
  bulk update: how many match | own  | own     | own    | 400    | none    | none   | own     | -     | none
  bulk delete: how many match | own  | own     | own    | 400    | none    | none   | own     | -     | none
  transitions                 | own  | own     | own    | own    | none    | none   | own     | -     | none
  history                     | own  | own     | own    | none   | own     | none   | own     | -     | none
  trash                       | -    | -       | -      | -      | own     | -      | -       | -     | -
  trash: filter               | -    | -       | -      | -      | own     | -      | -       | -     | -
  trash: count                | -    | -       | -      | -      | own     | -      | -       | -     | -
`

/**
 * What becomes of a write by the insider, by an outsider and by nobody in particular: `done`, `none` of many, or the code of the problem.
 * The last word goes for those behind it, too; `-` is what can't be asked. That a key is taken is told to whoever asks; what lies in the trash
 * holds none. Imports pass over what is computed.
 */
export const WRITTEN = `
  way                           | rows                                        | tenants                              | masked                                      | hidden                                      | trashed             | locked              | derived                     | shown              | expired
  update                        | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found
  update, only asked            | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found
  JSON patch                    | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found
  JSON patch: guess             | done not_found                              | done not_found                       | done patch_failed forbidden                 | patch_failed patch_failed forbidden         | not_found           | not_found           | done patch_failed forbidden | method_not_allowed | not_found
  JSON patch: copy              | done not_found                              | done not_found                       | done patch_failed forbidden                 | patch_failed patch_failed forbidden         | not_found           | not_found           | done patch_failed forbidden | method_not_allowed | not_found
  replace                       | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found
  delete                        | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | method_not_allowed | not_found
  upsert by its key             | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | unknown_field               | method_not_allowed | done done forbidden
  create with its key           | unique_violation unique_violation forbidden | unique_violation reference_not_found | unique_violation unique_violation forbidden | unique_violation unique_violation forbidden | done done forbidden | forbidden           | unknown_field               | method_not_allowed | done done forbidden
  bulk update                   | done none                                   | done none                            | done none                                   | done done none                              | none                | none                | unknown_field               | method_not_allowed | none
  bulk delete                   | done none                                   | done none                            | done none                                   | done none                                   | none                | none                | done none                   | method_not_allowed | none
  transition                    | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | not_found          | not_found
  batch: update                 | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request  | not_found
  batch: JSON patch             | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request  | not_found
  batch: replace                | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request  | not_found
  batch: delete                 | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | malformed_request  | not_found
  batch: upsert                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | unknown_field               | malformed_request  | done done forbidden
  import by id                  | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | done done forbidden         | method_not_allowed | not_found
  import by key                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | done done forbidden         | method_not_allowed | done done forbidden
  refer to it                   | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found
  refer to it in a list         | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found
  add it to a list              | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found
  batch: refer to it            | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found
  import what refers to it      | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found
  import what refers to its key | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found
  revert                        | done not_found                              | done not_found                       | done done forbidden                         | done done forbidden                         | not_found           | not_found           | done done forbidden         | not_found          | not_found
  restore                       | not_found                                   | not_found                            | not_found                                   | not_found                                   | done not_found      | not_found           | not_found                   | not_found          | not_found
  purge                         | invalid_parameter                           | invalid_parameter                    | invalid_parameter                           | invalid_parameter                           | done not_found      | invalid_parameter   | invalid_parameter           | method_not_allowed | invalid_parameter
`
