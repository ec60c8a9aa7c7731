import { below } from '../../errors/pointer.ts'
import { stringList } from '../../expr/index.ts'
import type { FieldDraft, RawCollection } from './draft.ts'

/** The built-in collection of an app's accounts. */
export const USERS = 'users'

/** What may be done with users where the document does not say otherwise: read and change oneself. */
export const USERS_RULES: NonNullable<RawCollection['rules']> = {
  read: 'record.id == auth.id',
  update: 'record.id == auth.id',
}

const PLAIN = { readonly: false, hidden: false, immutable: false, owner: false, rawDefault: undefined } as const

/**
 * Fields that every app's users have. `email` is set at sign-up and changes through the account's own operations, which ask
 * for the password; `roles` and `suspended` are written by the system only.
 */
export function usersFields(pointer: string): FieldDraft[] {
  const at = (name: string) => below(pointer, 'schema', 'properties', name)
  const email = { type: 'string', format: 'email', maxLength: 254 }
  const roles = { type: 'array', items: { type: 'string', format: 'text' } }
  const suspended = { type: 'boolean' }
  return [
    {
      ...PLAIN,
      name: 'email',
      column: 'email',
      pointer: at('email'),
      system: false,
      required: true,
      readonly: true,
      complete: email,
      schema: email,
    },
    {
      ...PLAIN,
      name: 'roles',
      column: 'roles',
      pointer: at('roles'),
      system: true,
      type: stringList,
      required: true,
      rawDefault: [],
      complete: roles,
      schema: roles,
    },
    {
      ...PLAIN,
      name: 'suspended',
      column: 'suspended',
      pointer: at('suspended'),
      system: true,
      required: true,
      rawDefault: false,
      complete: suspended,
      schema: suspended,
    },
  ]
}
