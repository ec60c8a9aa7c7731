import { Problem } from './problem.ts'

/**
 * A request met a rule that its version of the app does not know: another version is being applied, or has been. Nothing was written.
 * The request is answered by the newer version where there is one already; else this is the answer, in general words.
 */
export class Outdated extends Problem {}
