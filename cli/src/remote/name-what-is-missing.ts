import { CliError } from '../cli-error.ts'
import type { Context } from '../context.ts'
import { orNearest } from '../input/nearest.ts'
import { collectionsOf } from './collections.ts'

/**
 * After a 404, which the server answers alike whatever is missing: the app, with those there are; or the collection. Nothing when it
 * is something else, or when there is no telling.
 */
export async function nameWhatIsMissing(
  context: Context,
  args: Readonly<Record<string, unknown>>,
): Promise<CliError | undefined> {
  const { app, collection } = args
  if (typeof app !== 'string') return undefined
  try {
    const { apps } = await context.admin()
    const slugs = (await apps.list()).map(({ slug }) => slug)
    if (!slugs.includes(app)) return missing('app', app, slugs, ['roadbase apps list'])
    if (typeof collection !== 'string') return undefined
    const collections = collectionsOf(await apps.get(app))
    if (collections.has(collection)) return undefined
    return missing(`collection of ${app}`, collection, [...collections.keys()], [`roadbase apps show ${app}`])
  } catch {
    return undefined
  }
}

function missing(what: string, name: string, known: readonly string[], fixes: readonly string[]): CliError {
  return new CliError('not_found', `There is no ${what} named '${name}'.${orNearest(name, known)}`, { fixes })
}
