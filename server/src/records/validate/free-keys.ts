import { isStorableText } from '../../db/storable-text.ts'

/** What the server adds to records, and what is a property of every JavaScript object. */
const TAKEN: ReadonlySet<string> = new Set(['expand', ...Object.getOwnPropertyNames(Object.prototype)])

const LONGEST = 100

/** Whether something beside a record's fields can be called so. What begins with an underscore is the server's, with a dollar sign an operator. */
export function isFreeKey(text: string): boolean {
  return text !== '' && text.length <= LONGEST && !/^[-_$*]/.test(text) && !TAKEN.has(text) && isStorableText(text)
}

export const NO_FREE_KEY = `is no possible key: it has 1 to ${LONGEST} characters, begins with none of - _ $ *, and is no word of the system`
