import type { Issue } from '../../apps/section.ts'
import { suggest } from '../../apps/suggest.ts'

/** Tells what is wrong at a place of the document; see {@link Issue}. */
export type Report = (pointer: string, message: string, more?: Omit<Issue, 'pointer' | 'message'>) => void

/** `{suggestion: "did you mean 'title'?"}`, or nothing when no name is near. */
export function meant(wrong: string, known: Iterable<string>): { readonly suggestion?: string } {
  const suggestion = suggest(wrong, known)
  return suggestion === undefined ? {} : { suggestion }
}
