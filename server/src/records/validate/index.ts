export { type Changes, createValidators, type Validators } from './create-validators.ts'
export { createFieldChecks, type FieldChecks } from './field-check.ts'
export { mergePatch } from './merge-patch.ts'
