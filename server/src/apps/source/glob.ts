/**
 * Whether a pattern describes a relative path: `*` and `?` stay inside one folder, `**` stands for any number of folders.
 * (Node has `path.matchesGlob` from 22 on only; a regular expression would backtrack without bound.)
 */
export function matchesGlob(path: string, pattern: string): boolean {
  return matchesAll(pattern.split('/'), path.split('/'), '**', (part, name) =>
    matchesAll([...part], [...name], '*', (expected, letter) => expected === '?' || expected === letter),
  )
}

export function isGlob(path: string): boolean {
  return /[*?]/.test(path)
}

/** Wildcard matching in at most `pattern.length * text.length` steps: going back to the last wildcard only is enough. */
function matchesAll(
  pattern: readonly string[],
  text: readonly string[],
  wildcard: string,
  matches: (part: string, item: string) => boolean,
): boolean {
  let at = 0
  let part = 0
  let lastWildcard = -1
  let takenUntil = 0
  while (at < text.length) {
    const expected = pattern[part]
    if (expected === wildcard) {
      lastWildcard = part++
      takenUntil = at
    } else if (expected !== undefined && matches(expected, text[at] ?? '')) {
      part++
      at++
    } else if (lastWildcard >= 0) {
      part = lastWildcard + 1
      at = ++takenUntil
    } else {
      return false
    }
  }
  return pattern.slice(part).every((rest) => rest === wildcard)
}
