import type { User } from 'roadbase'
import { CliError } from '../../cli-error.ts'
import { command, flag, list, many, one } from '../../command.ts'
import { findUserId } from '../../remote/find-user.ts'

export const changeRoles = command({
  name: 'users roles',
  summary: 'show or change the roles of a user',
  more: 'Roles that are named are all the user has then; --add and --remove change single ones. Which permissions a role has is in the document.',
  remote: true,
  arguments: { app: one('the app', 'app'), user: one('id or e-mail address'), roles: many('the roles from now on') },
  options: {
    add: list('roles', 'roles to give'),
    remove: list('roles', 'roles to take away'),
    none: flag('take all roles away'),
  },
  examples: [
    ['roadbase users roles movies ada@example.org', 'Which they are'],
    ['roadbase users roles movies ada@example.org admin cashier', 'These, and no others'],
    ['roadbase users roles movies ada@example.org --add cashier', 'One more'],
  ],
  async run({ admin, client, out }, { app, user, roles }, { add, remove, none }) {
    const kinds = [roles.length > 0, add !== undefined || remove !== undefined, none === true].filter((given) => given)
    if (kinds.length > 1) {
      throw new CliError('usage', 'Name the roles, or use --add and --remove, or --none: one of these.')
    }
    const { users } = await admin()
    const id = await findUserId({ users }, app, user)
    const read = async () => ((await (await client(app)).collection('users').get(id)) as unknown as User).roles
    const wanted =
      roles.length > 0 || none === true
        ? roles
        : add !== undefined || remove !== undefined
          ? changed(await read(), add ?? [], remove ?? [])
          : undefined
    const now = wanted === undefined ? await read() : (await users.update(app, id, { roles: wanted })).roles
    out.result({ id, roles: now }, (found) =>
      found.roles.length === 0 ? `${user} has no roles.` : found.roles.join('\n'),
    )
  },
})

function changed(now: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  return [...new Set([...now, ...add])].filter((role) => !remove.includes(role))
}
