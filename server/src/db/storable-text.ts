/** Whether PostgreSQL can keep a text as it is: it has no U+0000, and UTF-8 can not write half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed()
}
