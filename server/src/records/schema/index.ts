export type { CollectionModels } from './check-collections.ts'
export { type ConstraintMeaning, constraintsOf } from './constraints.ts'
export { createCollectionsSection } from './section.ts'
export { trashTable } from './trash.ts'
