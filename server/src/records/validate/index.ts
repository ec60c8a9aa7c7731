export { type Changes, createValidators, type Validators } from './create-validators.ts'
export { createFieldChecks, type FieldCheck, type FieldChecks } from './field-check.ts'
export { mergePatch } from './merge-patch.ts'
export type { Operation } from './operators.ts'
