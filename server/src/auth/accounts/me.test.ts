import { describe, expect, it } from 'vitest'
import type { LiveApp } from '../../apps/section.ts'
import type { Caller } from '../../records/caller.ts'
import { getMe } from './get-me.ts'
import { updateMe } from './update-me.ts'

const app = { slug: 'todo' } as LiveApp
const request = { id: 'r1', method: 'GET', path: '/api/todo/auth/me', ip: '192.0.2.1' }
const grace: Caller = { userId: 'u1', sessionId: 's1', request }
const nobody: Caller = { userId: null, sessionId: null, request }

describe('oneself', () => {
  it('is got and changed like any record of users, under one’s own id, whatever is asked', async () => {
    const calls: unknown[] = []
    const operation = async (...args: unknown[]) => {
      calls.push(args)
      return 'answer'
    }
    expect(await getMe({ getUser: operation }, app, grace, { fields: 'name' })).toBe('answer')
    expect(await updateMe({ updateUser: operation }, app, grace, { body: { id: 'u2' } })).toBe('answer')
    expect(calls).toEqual([
      [app, grace, 'u1', { fields: 'name' }],
      [app, grace, 'u1', { body: { id: 'u2' } }],
    ])
  })

  it('is somebody', async () => {
    const never = () => expect.fail('nobody has no record')
    for (const ask of [
      () => getMe({ getUser: never }, app, nobody, {}),
      () => updateMe({ updateUser: never }, app, nobody, {}),
    ]) {
      await expect(ask()).rejects.toThrow(expect.objectContaining({ code: 'unauthenticated' }))
    }
  })
})
