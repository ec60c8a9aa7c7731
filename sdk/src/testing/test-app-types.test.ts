import { expectTypeOf, test } from 'vitest'
import type { Theatre } from '../../testing/theatre/types.ts'
import type { StoredRecord, UntypedApp } from '../app-types.ts'
import { expect } from './expect.ts'

import type { TestApp } from './test-app.ts'

// These tests are run by the compiler: `npm run check` fails where a type is not as said here.

interface Club {
  readonly collections: {
    readonly users: {
      readonly record: StoredRecord & { readonly email: string; readonly name: string }
      readonly create: { readonly name: string }
      readonly update: { readonly name?: string }
    }
  }
}

declare const theatre: TestApp<Theatre>
declare const club: TestApp<Club>
declare const untyped: TestApp<UntypedApp>

test('seeds and roles are those of the document', () => {
  const calls = async () => {
    const { hamlet, seats } = await theatre.seeded('evening')
    expectTypeOf(hamlet.title).toEqualTypeOf<string>()
    expectTypeOf(seats[0]?.number).toEqualTypeOf<number | undefined>()
    // @ts-expect-error: no such set
    await theatre.seeded('evenin')
    // @ts-expect-error: another set has them
    ;(await theatre.seeded('emptyHouse')).seats
    await theatre.withRole('manager')
    await theatre.withRole(['manager'])
    // @ts-expect-error: no such role
    await theatre.withRole('manger')
    // @ts-expect-error: no such collection
    theatre.admin.collection('seat')
  }
  expectTypeOf(calls).toBeFunction()
})

test('what an account needs has to be given', () => {
  const calls = async () => {
    const one = await theatre.signUp()
    expectTypeOf(one.user.nick).toEqualTypeOf<string | null>()
    await theatre.signUp({ nick: 'x', email: 'x@example.org' })
    await theatre.signUpMany(2, (index) => ({ nick: String(index) }))
    // @ts-expect-error: no such field
    await theatre.signUp({ nik: 'x' })
    await club.signUp({ name: 'Ada' })
    await club.signUpMany(2, { name: 'Ada' })
    // @ts-expect-error: the name is required
    await club.signUp()
    // @ts-expect-error: the name is required
    await club.signUpMany(2)
    // @ts-expect-error: the name is required
    await club.withRole('admin', { email: 'x@example.org' })
  }
  expectTypeOf(calls).toBeFunction()
})

test('without types everything goes', () => {
  const calls = async () => {
    const { movie, seats } = await untyped.seeded('evening')
    await untyped.anonymous().collection('seats').create({ movie: movie?.['id'], first: seats?.[0].id })
    await untyped.signUp({ anything: 1 })
    await untyped.withRole('any')
  }
  expectTypeOf(calls).toBeFunction()
})

test('expect has every matcher', () => {
  const calls = async () => {
    expectTypeOf(expect.eventually(() => 1).toBe(1)).toEqualTypeOf<Promise<void>>()
    await expect.eventually(async () => [1]).not.toEqual([])
    await expect.eventually(() => 1, { timeout: 10, interval: 1 }).toBeGreaterThan(0)
    await expect(Promise.resolve()).toBeRefused('not_found', { status: 404 })
    // @ts-expect-error: no such option
    expect.eventually(() => 1, { timout: 10 })
  }
  expectTypeOf(calls).toBeFunction()
})
