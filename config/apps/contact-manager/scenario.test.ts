import { filter, ref } from 'roadbase'
import { expect, type Person, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { ContactManager } from './types.ts'

scenario<ContactManager>('contact-manager', ({ app, test }) => {
  let ada: Person<ContactManager>
  let grace: Person<ContactManager>
  let at: Record<'family' | 'work' | 'navy' | 'charles' | 'mary' | 'babbage' | 'howard' | 'met', string>

  beforeEach(async () => {
    const { family, work, navy, charles, mary, babbage, howard, met } = await app.seeded('default')
    at = Object.fromEntries(
      Object.entries({ family, work, navy, charles, mary, babbage, howard, met }).map(([name, { id }]) => [name, id]),
    ) as typeof at
    const logIn = (name: string) =>
      app.logIn({ email: `${name}@example.org`, password: 'correct horse battery staple' })
    ;[ada, grace] = [await logIn('ada'), await logIn('grace')]
  })

  const text = (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => new Response(stream).text()

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('contact-manager')).toMatchFileSnapshot('./types.ts')
  })

  describe('contacts', () => {
    test('are made with their numbers and addresses, all or none', async () => {
      const make = (second: string) =>
        ada.batch([
          { create: 'contacts', data: { name: 'Augusta', groups: [at.family] }, as: 'one' },
          { create: 'addresses', data: { contact: ref('one'), kind: 'phone', value: '+442079460999' } },
          { create: 'addresses', data: { contact: ref('one'), kind: 'email', label: 'home', value: second } },
        ])
      await expect(make('not an address')).toBeRefused('check_violation')
      const [contact] = await make('augusta@home.example')
      const { expand } = await ada.collection('contacts').get(contact.id, { expand: { addresses: { sort: 'kind' } } })
      expect(expand?.addresses?.map(({ kind, value }) => [kind, value])).toEqual([
        ['email', 'augusta@home.example'],
        ['phone', '+442079460999'],
      ])
      expect((await ada.collection('contacts').list({ count: 'exact' })).total).toBe(4)
    })

    test('are read page by page, in the order of their names, each once', async () => {
      const names = Array.from({ length: 120 }, (_, index) => ({ name: `Person ${index % 40}` }))
      expect(await ada.collection('contacts').import(names)).toMatchObject({ created: 120 })
      const seen: { id: string; name: string }[] = []
      for await (const { items } of ada.collection('contacts').pages({ sort: 'name', limit: 25 })) seen.push(...items)
      expect([seen.length, new Set(seen.map(({ id }) => id)).size]).toEqual([123, 123])
      const inOrder = seen.map(({ name }) => name)
      expect(inOrder).toEqual([...inOrder].sort())
    })

    test('are found by name, company, address and number, also when they are misspelt', async () => {
      const found = async (words: string) =>
        (await ada.collection('contacts').search(words)).items.map(({ name }) => name)
      expect(await found('somervile')).toEqual(['Mary Somerville'])
      expect(await found('differense engines')).toEqual(['Charles Babbage'])
      expect(await found('+441314960202')).toEqual(['Mary Somerville'])
      expect((await found('charles@engines.example')).sort()).toEqual(['Babbage', 'Charles Babbage'])
      expect(await found('nobody at all')).toEqual([])
      const { items } = await ada.collection('addresses').search('+447700900303', { expand: { contact: {} } })
      expect(items.map(({ expand }) => expand?.contact?.name).sort()).toEqual(['Babbage', 'Charles Babbage'])
    })

    test('are in groups, in an order of their own, and found from either side', async () => {
      const contacts = ada.collection('contacts')
      expect((await contacts.get(at.mary, { expand: { groups: {} } })).expand?.groups?.map(({ name }) => name)).toEqual(
        ['Family', 'Work'],
      )
      await contacts.update(at.mary, { groups: [at.work, at.family] })
      expect((await contacts.get(at.mary)).groups).toEqual([at.work, at.family])
      const { items } = await contacts.list({ filter: filter`groups.exists(g, g.name == ${'Work'})`, sort: 'name' })
      expect(items.map(({ name }) => name)).toEqual(['Charles Babbage', 'Mary Somerville'])
      const group = await ada
        .collection('groups')
        .get(at.work, { expand: { contacts: { sort: 'name', fields: ['name'] } } })
      expect(group.expand?.contacts).toEqual([{ name: 'Charles Babbage' }, { name: 'Mary Somerville' }])
      await expect(contacts.update(at.mary, { groups: [at.work, at.work] })).toBeRefused('validation_failed')
      await expect(ada.collection('groups').create({ name: 'Work' })).toBeRefused('unique_violation')
      await grace.collection('groups').create({ name: 'Work' })
    })
  })

  describe('who is there twice', () => {
    test('is found by an address or a number that two have, wherever it is written', async () => {
      const duplicates = ada.collection('duplicates')
      const pairs = async () =>
        (await duplicates.list({ sort: 'kind', expand: ['first', 'second'] })).items.map(({ shared, expand }) => [
          expand?.first?.name,
          expand?.second?.name,
          shared,
        ])
      expect(await pairs()).toEqual([
        ['Charles Babbage', 'Babbage', 'charles@engines.example'],
        ['Charles Babbage', 'Babbage', '+447700900303'],
      ])
      await ada.collection('addresses').create({ contact: at.mary, kind: 'phone', value: '+442079460101' })
      expect(await pairs()).toContainEqual(['Charles Babbage', 'Mary Somerville', '+442079460101'])
      expect((await duplicates.list({ filter: filter`second.name == ${'Babbage'}` })).items).toHaveLength(2)
    })

    test('or counted, by whatever they may have in common', async () => {
      const same = await ada.collection('reach').aggregate({
        select: { contacts: 'count(distinct contact)' },
        groupBy: ['kind', 'value'],
        having: filter`contacts > ${1}`,
        sort: 'kind',
      })
      expect(same).toEqual([
        { kind: 'email', value: 'charles@engines.example', contacts: 2 },
        { kind: 'phone', value: '+447700900303', contacts: 2 },
      ])
    })

    /** One batch: what belongs to `gone` goes over to `kept`, and `gone` goes. */
    async function merge(kept: string, gone: string, versions: { kept?: number; gone?: number } = {}) {
      const contacts = ada.collection('contacts')
      const expand = { addresses: {}, encounters: {}, introduced: {} } as const
      const [stays, goes] = await Promise.all([contacts.get(kept, { expand }), contacts.get(gone, { expand })])
      const { addresses = [], encounters = [], introduced = [] } = goes.expand ?? {}
      const key = (kind: string | null, value: string | null) => `${kind} ${value?.toLowerCase()}`
      const known = new Set([
        key('email', stays.email),
        ...(stays.expand?.addresses ?? []).map(({ kind, value }) => key(kind, value)),
      ])
      const isNew = goes.email !== null && !known.has(key('email', goes.email))
      return ada.batch([
        ...addresses
          .filter(({ kind, value }) => !known.has(key(kind, value)))
          .map(({ id }) => ({ update: 'addresses' as const, id, data: { contact: kept } })),
        ...encounters.map(({ id }) => ({ update: 'encounters' as const, id, data: { contact: kept } })),
        ...introduced
          .filter(({ id }) => id !== kept)
          .map(({ id }) => ({ update: 'contacts' as const, id, data: { metThrough: kept } })),
        ...(isNew && goes.email !== null
          ? [{ create: 'addresses' as const, data: { contact: kept, kind: 'email' as const, value: goes.email } }]
          : []),
        {
          update: 'contacts',
          id: kept,
          ifMatch: versions.kept ?? stays.version,
          data: {
            notes: stays.notes ?? goes.notes,
            groups: [...new Set([...(stays.groups ?? []), ...(goes.groups ?? [])])],
          },
        },
        { delete: 'contacts', id: gone, ifMatch: versions.gone ?? goes.version },
      ])
    }

    const whole = async (id: string) => {
      const { name, notes, expand } = await ada
        .collection('contacts')
        .get(id, { expand: { addresses: { sort: 'value' }, encounters: {}, introduced: {} } })
      return {
        name,
        notes,
        addresses: expand?.addresses?.map(({ value }) => value),
        encounters: expand?.encounters?.map(({ text: what }) => what),
        introduced: expand?.introduced?.map((one) => one.name),
      }
    }

    test('is merged: what belonged to either belongs to the one that stays', async () => {
      await ada.collection('contacts').create({ name: 'Luigi Menabrea', metThrough: at.babbage })
      await merge(at.charles, at.babbage)
      expect((await ada.collection('duplicates').list()).items).toEqual([])
      expect(await whole(at.charles)).toEqual({
        name: 'Charles Babbage',
        notes: 'He owes me a book.',
        addresses: ['+447700900303', 'babbage@home.example'],
        encounters: ['Saw the engine.'],
        introduced: ['Mary Somerville', 'Luigi Menabrea'],
      })
      await expect(ada.collection('contacts').get(at.babbage)).toBeRefused('not_found')
      // The number that both had went with its contact, and nobody else's.
      expect(await ada.collection('addresses').aggregate({ select: { all: 'count' } })).toEqual([{ all: 2 }])
      expect(await grace.collection('addresses').aggregate({ select: { all: 'count' } })).toEqual([{ all: 1 }])
    })

    test('is merged as a whole or not at all', async () => {
      const before = [await whole(at.charles), await whole(at.babbage)]
      await expect(merge(at.charles, at.babbage, { gone: 7 })).toBeRefused('version_mismatch')
      expect([await whole(at.charles), await whole(at.babbage)]).toEqual(before)
    })

    test('is merged once, when it is done in both directions at the same time', async () => {
      const outcomes = await Promise.allSettled([merge(at.charles, at.babbage), merge(at.babbage, at.charles)])
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const { items } = await ada.collection('contacts').list({ filter: filter`name.contains(${'Babbage'})` })
      expect(items).toHaveLength(1)
      expect((await whole(items[0]?.id as string)).encounters).toEqual(['Saw the engine.'])
    })
  })

  test('whoever calls is known by the number, home or mobile', async () => {
    const calls = async (number: string) =>
      (await ada.collection('reach').list({ filter: filter`value == ${number}`, expand: ['contact'] })).items.map(
        ({ expand }) => expand?.contact?.name,
      )
    expect(await calls('+441314960202')).toEqual(['Mary Somerville'])
    expect((await calls('+447700900303')).sort()).toEqual(['Babbage', 'Charles Babbage'])
    expect(await calls('+447700900304')).toEqual([])
  })

  test('birthdays come round every year, the next one first', async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
    const born = (offset: number, age: number) => `${Number(day(offset).slice(0, 4)) - age}${day(offset).slice(4)}`
    const contacts = ada.collection('contacts')
    await contacts.update(at.charles, { birthday: '1791-12-26' })
    await contacts.update(at.mary, { birthday: born(3, 40) })
    await contacts.update(at.babbage, { birthday: born(0, 20) })
    const { items } = await ada.collection('birthdays').list({ sort: 'day', expand: ['contact'] })
    const found = items.map(({ day: on, age, expand }) => [expand?.contact?.name, on, age])
    expect(found).toHaveLength(3)
    expect(found[0]).toEqual(['Babbage', day(0), 20])
    expect(found.find(([name]) => name === 'Mary Somerville')?.slice(1)).toEqual([day(3), 40])
    expect(found.find(([name]) => name === 'Charles Babbage')?.[1]).toMatch(/-12-26$/)
    await contacts.update(at.mary, { birthday: '2000-02-29' })
    const [leap] = (await ada.collection('birthdays').list({ filter: filter`contact == ${at.mary}` })).items
    expect(leap?.day).toMatch(/-02-2[89]$/)
    const soon = filter`day <= date(${day(7)}) && contact.starred`
    expect((await ada.collection('birthdays').list({ filter: soon })).items).toEqual([])
  })

  describe('a file', () => {
    const columns = ['uid', 'name', 'company', 'email', 'phone', 'birthday', 'notes', 'starred'] as const
    const exported = async (person: Person<ContactManager>, format: 'csv' | 'json') =>
      text(await person.collection('contacts').export({ format, fields: columns, sort: 'name' }))

    test.each(['csv', 'json'] as const)('of %s goes out, and into another address book as it was', async (format) => {
      const file = await exported(ada, format)
      const other = await app.signUp({ name: 'Other' })
      expect(await other.collection('contacts').import(file, { format })).toMatchObject({ created: 3, failed: 0 })
      expect(await exported(other, format)).toBe(file)
    })

    test('brings up to date what is there already, by what it is called elsewhere', async () => {
      const csv = 'uid,name,phone\nbabbage,C. Babbage,+442079460101\naiken,Howard Aiken,\nwrong,No Number,12\n'
      const result = await ada
        .collection('contacts')
        .import(csv, { format: 'csv', mode: 'upsert', by: ['owner', 'uid'] })
      expect(result).toMatchObject({ created: 1, updated: 1, failed: 1, errors: [{ line: 4, pointer: '/phone' }] })
      expect(await ada.collection('contacts').get(at.charles)).toMatchObject({
        name: 'C. Babbage',
        company: 'Difference Engines Ltd',
      })
    })

    test('of numbers finds their contacts, its sender’s alone', async () => {
      await grace.collection('contacts').create({ uid: 'hopper', name: 'Myself' })
      const csv = 'contact.uid,kind,value\nbabbage,phone,+442079460777\nhopper,phone,+442079460777\n'
      const result = await ada.collection('addresses').import(csv, { format: 'csv' })
      expect(result).toMatchObject({ created: 1, failed: 1, errors: [{ line: 3, code: 'reference_not_found' }] })
    })
  })

  describe('nobody sees anything of another address book', () => {
    const secret = /Howard|Harvard|Navy|\+447700900303/

    test('read by whatever way', async () => {
      const mine = await grace
        .collection('addresses')
        .create({ contact: at.howard, kind: 'email', value: 'h@x.example' })
      await expect(ada.collection('contacts').get(at.howard)).toBeRefused('not_found')
      await expect(ada.collection('groups').get(at.navy, { expand: { contacts: {} } })).toBeRefused('not_found')
      await expect(ada.collection('addresses').get(mine.id, { expand: { contact: {} } })).toBeRefused('not_found')
      const contacts = ada.collection('contacts')
      const addresses = ada.collection('addresses')
      const byId = filter`id == ${at.howard}`
      const seen = [
        await contacts.list({ filter: byId, expand: { addresses: {}, groups: {} }, count: 'exact' }),
        await addresses.list({ filter: filter`contact.name == ${'Howard Aiken'}` }),
        await addresses.list({
          filter: filter`contact == ${at.howard}`,
          expand: { contact: { expand: { groups: {} } } },
        }),
        await ada.collection('encounters').list({ filter: filter`contact.company == ${'Harvard'}` }),
        await contacts.search('Howard Aiken Harvard'),
        await contacts.distinct('company'),
        await contacts.aggregate({ select: { all: 'count' }, groupBy: ['company'] }),
        await ada.collection('groups').distinct('name'),
        await ada.collection('reach').list(),
        await ada.collection('duplicates').list({ expand: ['first', 'second'] }),
        await contacts.exists({ filter: byId }),
        await text(await contacts.export({ format: 'jsonl', filter: byId })),
        await text(await contacts.export({ format: 'csv' })),
        await ada.collection('users').list(),
      ]
      expect(JSON.stringify(seen)).not.toMatch(/Howard|Harvard|Navy|grace/)
      expect([seen[0], seen[10], seen[11]]).toEqual([{ items: [], nextCursor: null, total: 0 }, false, ''])
      for (const name of [
        'contacts',
        'groups',
        'addresses',
        'encounters',
        'users',
        'reach',
        'duplicates',
        'birthdays',
      ] as const) {
        expect((await app.anonymous().collection(name).list()).items).toEqual([])
        expect(await text(await app.anonymous().collection(name).export())).toBe('')
      }
      const duplicates = await ada
        .collection('addresses')
        .aggregate({ select: { all: 'count' }, groupBy: ['value'], filter: filter`kind == ${'phone'}` })
      expect(duplicates).toEqual([{ value: '+447700900303', all: 2 }])
    })

    test('written by whatever way', async () => {
      const before = await text(await app.admin.collection('contacts').export())
      const contacts = ada.collection('contacts')
      await expect(contacts.update(at.howard, { name: 'Mine' })).toBeRefused('not_found')
      await expect(contacts.delete(at.howard)).toBeRefused('not_found')
      expect(await contacts.updateMany({ notes: 'x' }, { filter: filter`id == ${at.howard}`, limit: 9 })).toEqual({
        matched: 0,
        changed: 0,
      })
      expect(await contacts.deleteMany({ filter: filter`name == ${'Howard Aiken'}`, limit: 9 })).toMatchObject({
        changed: 0,
      })
      const theirs = [
        () => ada.batch([{ delete: 'contacts', id: at.howard }]),
        () => ada.batch([{ update: 'contacts', id: at.howard, data: { name: 'Mine' } }]),
      ]
      for (const attempt of theirs) await expect(attempt()).toBeRefused('not_found')
      await expect(contacts.import([{ name: 'x', owner: grace.user.id } as never])).resolves.toMatchObject({
        failed: 1,
      })
      expect(await text(await app.admin.collection('contacts').export())).toBe(before)
    })

    test('or by references, which are as good as missing', async () => {
      const foreign = [
        () => ada.collection('addresses').create({ contact: at.howard, kind: 'email', value: 'spy@x.example' }),
        () => ada.collection('encounters').update(at.met, { contact: at.howard }),
        () => ada.collection('contacts').update(at.mary, { metThrough: at.howard }),
        () => ada.collection('contacts').update(at.mary, { groups: [at.work, at.navy] }),
        () => ada.collection('contacts').update(at.mary, { groups: { $addUnique: at.navy } }),
        () => ada.collection('contacts').create({ name: 'x', groups: [at.navy] }),
        () =>
          ada.batch([
            { create: 'contacts', data: { name: 'x' }, as: 'x' },
            { update: 'contacts', id: ref('x'), data: { groups: [at.navy] } },
          ]),
        () => ada.batch([{ create: 'addresses', data: { contact: at.howard, kind: 'email', value: 'spy@x.example' } }]),
      ]
      for (const attempt of foreign) await expect(attempt()).toBeRefused('reference_not_found')
      const imported = await ada
        .collection('addresses')
        .import([{ contact: at.howard, kind: 'email', value: 'a@x.example' }])
      expect(imported).toMatchObject({ created: 0, failed: 1, errors: [{ code: 'reference_not_found' }] })
      expect(JSON.stringify(await ada.collection('contacts').list({ expand: { groups: {} } }))).not.toMatch(secret)
    })
  })
})
