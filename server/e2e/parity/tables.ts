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
  'tethered',
  'reckoned',
] as const
export type Cover = (typeof covers)[number]

/**
 * What is shown. `own`: to the insider alone. `all`: to everybody. `none`: to nobody. `400`: the field is unknown to everybody.
 */
export const SHOWN = `
  way                         | rows | tenants | masked | hidden | trashed | locked | derived | shown | expired | tethered | reckoned
  get                         | own  | own     | own    | none   | none    | none   | own     | own   | none    | none     | own
  get one field               | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  list                        | own  | own     | own    | none   | none    | none   | own     | own   | none    | none     | own
  list one field              | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  filter                      | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  filter that negates         | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  sort                        | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  count                       | own  | own     | all    | all    | none    | none   | all     | own   | none    | none     | all
  exists                      | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  search                      | own  | own     | none   | none   | none    | none   | none    | -     | none    | none     | none
  highlight                   | own  | own     | none   | none   | none    | none   | none    | -     | none    | none     | none
  search: count               | own  | own     | none   | none   | none    | none   | none    | -     | none    | none     | none
  search: groups              | own  | own     | none   | none   | none    | none   | none    | -     | none    | none     | none
  search: values              | own  | own     | none   | none   | none    | none   | none    | -     | none    | none     | none
  search: export              | own  | own     | none   | none   | none    | none   | none    | -     | none    | none     | none
  expand                      | own  | own     | own    | none   | none    | none   | own     | -     | none    | none     | own
  expand one field            | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  expand a list of references | own  | own     | own    | none   | none    | none   | own     | -     | none    | none     | own
  expand a relation back      | own  | own     | own    | none   | none    | none   | own     | own   | none    | none     | own
  filter within an expand     | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  sort within an expand       | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  filter over a relation      | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  filter over a list          | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  filter over a relation back | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  filter by what it refers to | own  | own     | all    | all    | none    | none   | all     | own   | none    | none     | all
  sort over a relation        | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  aggregate: groups           | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  aggregate: least            | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  aggregate: greatest         | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  aggregate: count of values  | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  aggregate: filter           | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  aggregate: expression       | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  aggregate over a relation   | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  groups by what it refers to | own  | own     | all    | all    | none    | none   | all     | own   | none    | none     | all
  distinct                    | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  distinct over a relation    | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  export as JSON lines        | own  | own     | own    | none   | none    | none   | own     | own   | none    | none     | own
  export as JSON              | own  | own     | own    | none   | none    | none   | own     | own   | none    | none     | own
  export as CSV               | own  | own     | own    | none   | none    | none   | own     | own   | none    | none     | own
  export one field            | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  export by filter            | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  export sorted               | own  | own     | own    | 400    | none    | none   | own     | own   | none    | none     | own
  bulk update: how many match | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  bulk delete: how many match | own  | own     | own    | 400    | none    | none   | own     | -     | none    | none     | own
  transitions                 | own  | own     | own    | own    | none    | none   | own     | -     | none    | none     | own
  history                     | own  | own     | own    | none   | own     | none   | own     | -     | none    | none     | own
  trash                       | -    | -       | -      | -      | own     | -      | -       | -     | -       | -        | -
  trash: filter               | -    | -       | -      | -      | own     | -      | -       | -     | -       | -        | -
  trash: count                | -    | -       | -      | -      | own     | -      | -       | -     | -       | -        | -
`

/**
 * What becomes of a write by the insider, by an outsider and by nobody in particular: `done`, `none` of many, or the code of the problem.
 * The last word goes for those behind it, too; `-` is what can't be asked. That a key is taken is told to whoever asks; what lies in the trash
 * holds none. Imports pass over what is computed.
 */
export const WRITTEN = `
  way                           | rows                                        | tenants                              | masked                                      | hidden                                      | trashed             | locked              | derived                     | shown              | expired             | tethered            | reckoned
  update                        | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found           | not_found           | unknown_field
  update, only asked            | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found           | not_found           | unknown_field
  JSON patch                    | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found           | not_found           | unknown_field
  JSON patch: guess             | done not_found                              | done not_found                       | done patch_failed forbidden                 | patch_failed patch_failed forbidden         | not_found           | not_found           | done patch_failed forbidden | method_not_allowed | not_found           | not_found           | done patch_failed forbidden
  JSON patch: copy              | done not_found                              | done not_found                       | done patch_failed forbidden                 | patch_failed patch_failed forbidden         | not_found           | not_found           | done patch_failed forbidden | method_not_allowed | not_found           | not_found           | done done forbidden
  replace                       | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | method_not_allowed | not_found           | not_found           | unknown_field
  delete                        | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | method_not_allowed | not_found           | not_found           | done forbidden
  upsert by its key             | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | unknown_field               | method_not_allowed | done done forbidden | done done forbidden | unknown_field
  create with its key           | unique_violation unique_violation forbidden | unique_violation reference_not_found | unique_violation unique_violation forbidden | unique_violation unique_violation forbidden | done done forbidden | forbidden           | unknown_field               | method_not_allowed | done done forbidden | done done forbidden | unknown_field
  bulk update                   | done none                                   | done none                            | done none                                   | done done none                              | none                | none                | unknown_field               | method_not_allowed | none                | none                | unknown_field
  bulk delete                   | done none                                   | done none                            | done none                                   | done none                                   | none                | none                | done none                   | method_not_allowed | none                | none                | done none
  transition                    | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | not_found          | not_found           | not_found           | done forbidden
  batch: update                 | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request  | not_found           | not_found           | unknown_field
  batch: JSON patch             | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request  | not_found           | not_found           | unknown_field
  batch: replace                | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | unknown_field               | malformed_request  | not_found           | not_found           | unknown_field
  batch: delete                 | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found           | done forbidden              | malformed_request  | not_found           | not_found           | done forbidden
  batch: upsert                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | unknown_field               | malformed_request  | done done forbidden | done done forbidden | unknown_field
  import by id                  | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found           | done done forbidden         | method_not_allowed | not_found           | not_found           | done done forbidden
  import by key                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden           | done done forbidden         | method_not_allowed | done done forbidden | done done forbidden | done done forbidden
  refer to it                   | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found | reference_not_found | done done forbidden
  refer to it in a list         | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found | reference_not_found | done done forbidden
  add it to a list              | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found | reference_not_found | done done forbidden
  batch: refer to it            | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found | reference_not_found | done done forbidden
  import what refers to it      | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found | reference_not_found | done done forbidden
  import what refers to its key | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found | done done forbidden         | -                  | reference_not_found | reference_not_found | done done forbidden
  revert                        | done not_found                              | done not_found                       | done done forbidden                         | done done forbidden                         | not_found           | not_found           | done done forbidden         | not_found          | not_found           | not_found           | done done forbidden
  restore                       | not_found                                   | not_found                            | not_found                                   | not_found                                   | done not_found      | not_found           | not_found                   | not_found          | not_found           | not_found           | not_found
  purge                         | invalid_parameter                           | invalid_parameter                    | invalid_parameter                           | invalid_parameter                           | done not_found      | invalid_parameter   | invalid_parameter           | method_not_allowed | invalid_parameter   | invalid_parameter   | invalid_parameter
`
