export type { CelType, ScalarKind } from './cel-type.ts'
export { ALWAYS, checkExpression, NEVER } from './check-expression.ts'
export { endOfExpression } from './end-of-expression.ts'
export { ExpressionError } from './expression-error.ts'
export { type ExtractedLiterals, extractLiterals } from './extract-literals.ts'
export {
  DECIMAL_PRECISION,
  type FieldType,
  type FormatName,
  fieldType,
  MAX_DECIMAL_SCALE,
  referenceListType,
  referenceType,
  stringList,
} from './field-types.ts'
export type { JsWorld } from './js-world.ts'
export { endSchema, openEnds, RANGE_ENDS, type RangeEnd, type RangeOf, rangeTypes } from './range-ends.ts'
export type { SqlScope, SqlVariable } from './sql-scope.ts'
export { toJs } from './to-js.ts'
export { toSql } from './to-sql.ts'
export type {
  CheckedExpression,
  CheckOptions,
  CollectionType,
  Environment,
  FieldDeclaration,
  SettingTypes,
  Uses,
} from './types.ts'
export { FREE } from './types.ts'
export { quotientScale } from './values/decimal.ts'
export { isZone, postgresZone, zoneNames } from './values/zones.ts'
