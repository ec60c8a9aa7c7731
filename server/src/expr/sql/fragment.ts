/** A piece of SQL, with how loosely it binds: 0 stands anywhere, 1 is an operator, 2 `not`, 3 `and`, 4 `or`. */
export interface Fragment {
  readonly text: string
  readonly level: 0 | 1 | 2 | 3 | 4
}

export function atom(text: string): Fragment {
  return { text, level: 0 }
}

export function operation(text: string): Fragment {
  return { text, level: 1 }
}

/** As an operand of an operator or a cast. */
export function operand({ text, level }: Fragment): string {
  return level === 0 ? text : `(${text})`
}

export const TRUE = atom('true')
export const FALSE = atom('false')
export const NULL = atom('null')

export function negation(of: Fragment): Fragment {
  if (of.text === 'true') return FALSE
  if (of.text === 'false') return TRUE
  return { text: `not ${operand(of)}`, level: 2 }
}

export function conjunction(parts: readonly Fragment[]): Fragment {
  return joined(parts, TRUE, FALSE, ' and ', 3)
}

export function disjunction(parts: readonly Fragment[]): Fragment {
  return joined(parts, FALSE, TRUE, ' or ', 4)
}

function joined(
  parts: readonly Fragment[],
  neutral: Fragment,
  deciding: Fragment,
  word: string,
  level: 3 | 4,
): Fragment {
  if (parts.some(({ text }) => text === deciding.text)) return deciding
  const rest = parts.filter(({ text }) => text !== neutral.text)
  const [only] = rest
  if (only === undefined) return neutral
  if (rest.length === 1) return only
  return { text: rest.map((part) => (part.level > 2 ? `(${part.text})` : part.text)).join(word), level }
}

export function isNull(of: Fragment): Fragment {
  return operation(`${operand(of)} is null`)
}

export function isNotNull(of: Fragment): Fragment {
  return operation(`${operand(of)} is not null`)
}

/** The value under a condition, else NULL. */
export function when(condition: Fragment, value: Fragment): Fragment {
  return condition.text === 'true' ? value : atom(`case when ${condition.text} then ${value.text} end`)
}

export function cast(of: Fragment, type: string): Fragment {
  return atom(`${operand(of)}::${type}`)
}
