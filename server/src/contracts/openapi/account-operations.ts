import type { CollectionModel } from '../../records/model.ts'
import { errorCodes } from '../error-codes.ts'
import { shapeParameters, shared } from './parameters.ts'
import { body, patchBody } from './record-operations.ts'
import { passwordSchema, schemaNames, signUpSchema } from './record-schemas.ts'
import { json, type Problems, response } from './responses.ts'
import type { Samples } from './samples.ts'
import { objectSchema, ref, type Schema } from './schema.ts'

const TAG = ['Accounts']
const SIGNED_IN: readonly Schema[] = [{ bearer: [] }]
const NOBODY: readonly Schema[] = []

/** The operations on accounts, by path. */
export function accountOperations(
  users: CollectionModel,
  problems: Problems,
  samples: Samples,
): Record<string, Schema> {
  const names = schemaNames('users')
  const sample = samples.record('users')
  const session = samples.session()
  const record = { anyOf: [ref(names.record), ref(names.part)] }
  const credentials = { email: 'ada@example.org', password: 'correct horse battery staple' }
  const input = samples.profile()
  const account = input === undefined ? undefined : { ...input, ...credentials }
  return {
    '/auth/signup': {
      post: {
        operationId: 'signUp',
        summary: 'Make an account and sign in',
        tags: TAG,
        security: NOBODY,
        requestBody: body(ref('SignUp'), account),
        responses: {
          201: response('The new session.', [], json(ref('Session'), session)),
          ...problems.of(errorCodes.signUp),
        },
      },
    },
    '/auth/login': {
      post: {
        operationId: 'logIn',
        summary: 'Sign in',
        tags: TAG,
        security: NOBODY,
        requestBody: body(ref('LogIn'), credentials),
        responses: {
          200: response('The new session.', [], json(ref('Session'), session)),
          ...problems.of(errorCodes.logIn),
        },
      },
    },
    '/auth/refresh': {
      post: {
        operationId: 'refreshSession',
        summary: 'Trade a refresh token for new tokens',
        description: 'A refresh token is good once; one that comes back later ends its session.',
        tags: TAG,
        security: NOBODY,
        requestBody: body(ref('Refresh'), { refreshToken: session?.refreshToken ?? 'rbr_…' }),
        responses: {
          200: response('The session with new tokens.', [], json(ref('Session'), session)),
          ...problems.of(errorCodes.refresh),
        },
      },
    },
    '/auth/me': {
      get: {
        operationId: 'getMe',
        summary: 'The signed-in user',
        tags: TAG,
        security: SIGNED_IN,
        parameters: [...shapeParameters(users), shared('IfNoneMatch')],
        responses: {
          200: response('The user.', ['ETag', 'Vary'], json(record, sample)),
          304: response('It is still the one that is known.', ['ETag', 'Vary']),
          ...problems.of(errorCodes.getMe),
        },
      },
      patch: {
        operationId: 'updateMe',
        summary: 'Change the signed-in user',
        tags: TAG,
        security: SIGNED_IN,
        parameters: [shared('IfMatch'), shared('Prefer')],
        requestBody: patchBody(ref(names.update)),
        responses: {
          200: response(
            'The user as it is now.',
            ['ETag', 'PreferenceApplied'],
            json({ anyOf: [ref(names.record), ref(names.written)] }, sample),
          ),
          ...problems.of(errorCodes.updateMe),
        },
      },
    },
    '/auth/logout': {
      post: {
        operationId: 'logOut',
        summary: 'Sign out',
        description: 'Ends the session of the access token, or of the refresh token in the body.',
        tags: TAG,
        security: [{}, ...SIGNED_IN],
        requestBody: { ...body(ref('LogOut')), required: false },
        responses: { 204: response('The session has ended.', []), ...problems.of(errorCodes.logOut) },
      },
    },
    '/auth/reset': {
      get: {
        operationId: 'readResetPage',
        summary: 'The page behind a one-time link, where a new password is set',
        tags: TAG,
        security: NOBODY,
        parameters: [shared('IfNoneMatch')],
        responses: {
          200: response(
            'The page.',
            ['ETag', 'Vary', 'ReferrerPolicy', 'ResourcePolicy', 'OpenerPolicy', 'PermissionsPolicy'],
            { 'text/html': { schema: { type: 'string' } } },
          ),
          304: response('It is still the one that is known.', [
            'ETag',
            'Vary',
            'ReferrerPolicy',
            'ResourcePolicy',
            'OpenerPolicy',
            'PermissionsPolicy',
          ]),
          ...problems.of(errorCodes.getContract),
        },
      },
      post: {
        operationId: 'resetPassword',
        summary: 'Set a new password',
        description: 'With the token of a one-time link that an administrator made. Ends every session of the user.',
        tags: TAG,
        security: NOBODY,
        requestBody: body(ref('ResetPassword')),
        responses: { 204: response('It is the password from now on.', []), ...problems.of(errorCodes.resetPassword) },
      },
    },
    '/auth/jwks.json': {
      get: {
        operationId: 'readPublicKeys',
        summary: 'The public keys of the access tokens',
        tags: TAG,
        security: NOBODY,
        responses: {
          200: response('A key set (RFC 7517).', ['Vary'], json(ref('KeySet'))),
          ...problems.of(errorCodes.getKeys),
        },
      },
    },
  }
}

export function accountSchemas(users: CollectionModel): Record<string, Schema> {
  const names = schemaNames('users')
  const text = { type: 'string' }
  return {
    SignUp: signUpSchema(users),
    LogIn: objectSchema({ email: text, password: text }, ['email', 'password']),
    Refresh: objectSchema({ refreshToken: text }, ['refreshToken']),
    ResetPassword: objectSchema({ token: text, password: passwordSchema }, ['token', 'password']),
    LogOut: objectSchema({ refreshToken: text }, []),
    Session: objectSchema(
      {
        accessToken: { type: 'string', description: 'For `Authorization: Bearer`.' },
        refreshToken: { type: 'string', description: 'Good once, for new tokens.' },
        expiresAt: { type: 'string', format: 'date-time', description: 'When the access token ends.' },
        user: {
          description: 'The id alone where the rules of the app hide users from themselves.',
          anyOf: [ref(names.record), objectSchema({ id: { type: 'string', format: 'uuid' } }, ['id'])],
        },
      },
      ['accessToken', 'refreshToken', 'expiresAt', 'user'],
    ),
    KeySet: objectSchema(
      {
        keys: {
          type: 'array',
          items: { type: 'object', required: ['kty', 'kid', 'alg'], properties: { kty: text, kid: text, alg: text } },
        },
      },
      ['keys'],
    ),
  }
}
