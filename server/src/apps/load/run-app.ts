import type { CheckedApp } from '../document/check-app.ts'
import type { LiveApp, Section, SomeSection } from '../section.ts'

/** A live app together with the way to put it away. */
export interface RunningApp {
  readonly app: LiveApp
  readonly digest: string
  /** The same version once more, with what its sections read from elsewhere as it is now. */
  again(): Promise<RunningApp>
  /** Stops its sections, last one first. Called once. */
  retire(): Promise<void>
}

/** What is kept of a checked app while it runs: not its texts. */
type Runnable = Pick<CheckedApp, 'slug' | 'schema' | 'title' | 'description' | 'models' | 'digest'>

/** Starts all sections of a checked app. When one of them fails, those before it are stopped again. */
export async function runApp(
  sections: readonly SomeSection[],
  checked: Runnable,
  version: number,
): Promise<RunningApp> {
  const { slug, schema, title, description, models, digest } = checked
  const runnable = { slug, schema, title, description, models, digest }
  const parts = new Map<SomeSection, unknown>()
  try {
    for (const section of sections) {
      const part = <M, R>(other: Section<M, R>) => found(parts, other as SomeSection) as R
      parts.set(section, await section.activate(models.get(section), { slug, schema, version, part }))
    }
  } catch (error) {
    await stop(parts)
    throw error
  }
  const app: LiveApp = {
    slug,
    version,
    schema,
    title,
    description,
    model: <M, R>(section: Section<M, R>) => found(models, section) as M,
    part: <M, R>(section: Section<M, R>) => found(parts, section) as R,
  }
  return { app, digest, again: () => runApp(sections, runnable, version), retire: () => stop(parts) }
}

function found(map: ReadonlyMap<SomeSection, unknown>, section: SomeSection): unknown {
  if (!map.has(section)) throw new Error('This section was not given to the loader')
  return map.get(section)
}

/** All of them, also when one fails; the first failure is told. */
async function stop(parts: ReadonlyMap<SomeSection, unknown>): Promise<void> {
  const failures: unknown[] = []
  for (const [section, running] of [...parts].reverse()) {
    try {
      await section.retire(running)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
