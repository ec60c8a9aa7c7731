/** Keys that mean something else to JavaScript objects than to JSON: somebody, some day, copies them with `=`. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype'
}
