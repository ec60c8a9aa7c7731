/** Texts that `int(…)` and `double(…)` read: few enough digits that the number exists. */
export const INT_PATTERN = '^-?[0-9]{1,19}$'
export const DOUBLE_PATTERN = '^[+-]?[0-9]{1,17}(?:\\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,2})?$'
