import { totalmem } from 'node:os'
import type { Inspected } from '../../../../server/src/command.ts'
import type { Context } from '../../context.ts'
import { toFlags } from '../server-options.ts'

/** The settings that the server would start with; throws what would keep it from starting. */
export async function inspect({ io }: Context, options: Readonly<Record<string, unknown>>): Promise<Inspected> {
  const { inspectSettings } = await import('../../../../server/src/command.ts')
  return inspectSettings({ argv: toFlags(options), env: io.env, cwd: io.cwd, memory: totalmem() })
}
