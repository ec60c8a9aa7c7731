import type { CheckContext, Section } from '../apps/section.ts'
import { pointer } from '../errors/pointer.ts'

/** The checked `auth:` part of a document. */
export interface AuthModel {
  /** Whether strangers may make themselves an account. */
  readonly signup: 'open' | 'closed'
  readonly methods: readonly 'password'[]
  /** Each role with the permissions that it grants. */
  readonly roles: ReadonlyMap<string, readonly string[]>
  /** The other way round, for `auth.can('…')`: each permission with the roles that grant it. */
  readonly permissions: ReadonlyMap<string, readonly string[]>
}

/** The `auth:` key: who may have an account, and which roles there are. It has no tables of its own, so nothing to plan. */
export const authSection: Section<AuthModel> = {
  keys: {
    auth: {
      type: 'object',
      description: 'Accounts of this app: who may sign up, how, and which roles there are.',
      additionalProperties: false,
      properties: {
        signup: {
          enum: ['open', 'closed'],
          default: 'closed',
          description: 'Whether anybody may make an account. Closed unless the document says otherwise.',
        },
        methods: {
          type: 'array',
          items: { type: 'string', examples: ['password'] },
          minItems: 1,
          uniqueItems: true,
          default: ['password'],
          description: 'Ways to log in.',
        },
        roles: {
          type: 'object',
          description: "Roles, each with the permissions it grants. Rules ask for them with `auth.can('permission')`.",
          additionalProperties: { type: 'array', items: { type: 'string' }, uniqueItems: true },
        },
      },
    },
  },

  check(context) {
    const raw = (context.document['auth'] ?? {}) as RawAuth
    checkMethods(context, raw.methods ?? [])
    const roles = checkRoles(context, raw.roles ?? {})
    return { signup: raw.signup ?? 'closed', methods: ['password'], roles, permissions: grantedBy(roles) }
  },

  plan: () => ({ steps: [], refusals: [] }),
  snapshot: ({ signup, methods, roles }) => ({ signup, methods, roles: Object.fromEntries(roles) }),
  activate: () => undefined,
  retire: () => undefined,
}

interface RawAuth {
  readonly signup?: 'open' | 'closed'
  readonly methods?: readonly string[]
  readonly roles?: Readonly<Record<string, readonly string[]>>
}

const ROLE = /^[a-z][A-Za-z0-9_-]{0,62}$/
const PERMISSION = /^[a-z][A-Za-z0-9_-]{0,62}(?:\.[a-z][A-Za-z0-9_-]{0,62})*$/

/** What the document language has a word for, and this version no code. */
const LATER = new Set(['totp', 'passkey', 'oauth', 'oidc', 'magicLink', 'otp', 'apiKey', 'anonymous'])

function checkMethods(context: CheckContext, methods: readonly string[]): void {
  methods.forEach((method, index) => {
    if (method === 'password') return
    const message = LATER.has(method)
      ? `The method '${method}' is not there yet; this version of Roadbase has 'password' only`
      : `There is no method '${method}'`
    context.report({
      pointer: `/auth/methods/${index}`,
      message,
      suggestion: "write 'password', or leave `methods` out",
    })
  })
}

function checkRoles(context: CheckContext, raw: Readonly<Record<string, readonly string[]>>): AuthModel['roles'] {
  const roles = new Map<string, readonly string[]>()
  for (const [role, permissions] of Object.entries(raw)) {
    const at = pointer('auth', 'roles', role)
    if (!ROLE.test(role)) {
      context.report({ pointer: at, message: `'${role}' can't be the name of a role`, suggestion: NAME_SUGGESTION })
    }
    permissions.forEach((permission, index) => {
      if (PERMISSION.test(permission)) return
      const message = `'${permission}' can't be the name of a permission`
      context.report({
        pointer: `${at}/${index}`,
        message,
        suggestion: `${NAME_SUGGESTION}; parts are joined by dots`,
      })
    })
    roles.set(role, permissions)
  }
  return roles
}

const NAME_SUGGESTION = "a small letter first, then letters, digits, '-' and '_', at most 63 in all"

function grantedBy(roles: AuthModel['roles']): AuthModel['permissions'] {
  const permissions = new Map<string, string[]>()
  for (const [role, granted] of roles) {
    for (const permission of granted) permissions.set(permission, [...(permissions.get(permission) ?? []), role])
  }
  return permissions
}
