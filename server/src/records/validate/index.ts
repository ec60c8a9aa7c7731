export { type Changes, createValidators, isWritable, type Validators } from './create-validators.ts'
export { createFieldChecks, type FieldChecks } from './field-check.ts'
export { isFreeKey } from './free-keys.ts'
export { isObject, mergePatch } from './merge-patch.ts'
