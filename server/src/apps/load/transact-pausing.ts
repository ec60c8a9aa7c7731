import type { Pauses } from './pauses.ts'
import { transactSteps } from './run-steps.ts'

/**
 * {@link transactSteps} while requests of the app wait: from the first attempt on, or from the second. Two statements that meet at two
 * tables in different orders wait for one another, and whoever comes meanwhile stands behind them; where requests are never few, each
 * attempt would end so. Each attempt pauses by itself: between them, requests go on. After the last one the pause is on: whoever
 * serves the version ends it.
 */
export function transactPausing(
  pauses: Pick<Pauses, 'begin' | 'end'>,
  slug: string,
  from: 1 | 2,
): typeof transactSteps {
  return (session, sleep, work) => {
    let attempts = 0
    return transactSteps(session, sleep, async (run, sql) => {
      attempts++
      if (attempts < from) return work(run, sql)
      await pauses.begin(slug)
      try {
        return await work(run, sql)
      } catch (error) {
        pauses.end(slug)
        throw error
      }
    })
  }
}
