import { RE2JS } from 're2js'

/**
 * Patterns of documents run in linear time (RE2 semantics), so no pattern and no value can hold the process.
 * Throws for what RE2 has not: look-around, back references.
 */
export function compilePattern(pattern: string): { test(text: string): boolean; toString(): string } {
  const compiled = RE2JS.compile(pattern)
  // ajv keeps patterns by what they say of themselves: two of them with one text would be one.
  return { test: (text) => compiled.test(text), toString: () => pattern }
}

/** For ajv's `code.regExp`. Flags are ajv's own `u`: RE2 always works by code point. */
export const patternEngine = Object.assign((pattern: string, _flags: string) => compilePattern(pattern), {
  // Where standalone code would import it from; the validators are compiled in the process that uses them.
  code: 'compilePattern',
})
