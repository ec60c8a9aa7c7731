import type { Plan, PlanStep } from 'roadbase/admin'
import { describe, expect, test } from 'vitest'
import { coloursFor } from './colours.ts'
import { renderPlan } from './render-plan.ts'

const step = (title: string, rest: Partial<PlanStep> = {}): PlanStep => ({
  title,
  action: null,
  kind: null,
  name: null,
  blocks: null,
  work: null,
  when: 'transaction',
  consent: null,
  sql: '',
  ...rest,
})

const empty: Plan = {
  app: 'shop',
  from: 3,
  to: 4,
  outcome: 'update',
  steps: [],
  changes: [],
  refusals: [],
  consent: null,
}

const change: Plan = {
  ...empty,
  steps: [
    step('create collection orders', { action: 'create', kind: 'collection', name: 'orders' }),
    step('look whether amounts fit', { work: { kind: 'scan', rows: 12_000, bytes: 983_040, seconds: 0.1 } }),
    step('change the type of items.amount to decimal', {
      action: 'change',
      kind: 'field',
      name: 'items.amount',
      blocks: 'everything',
      work: { kind: 'rewrite', rows: 1_200_000, bytes: 98_304_000, seconds: 130 },
      consent: 'the table items is rewritten, while everybody waits',
    }),
    step('index items by amount', {
      action: 'create',
      kind: 'index',
      name: 'items.amount',
      when: 'before',
      work: { kind: 'build', rows: 1_200_000, bytes: 98_304_000, seconds: 8 },
    }),
    step('let the cache forget'),
    step('hide field items.note', {
      action: 'hide',
      kind: 'field',
      name: 'items.note',
      blocks: 'writes',
      consent: 'the values of items.note go out of sight',
    }),
  ],
  changes: [
    { pointer: '/title', before: 'Shop', after: 'The shop' },
    {
      pointer: '/collections/orders',
      after: { schema: { required: ['item'], properties: { item: { $ref: 'items' } } }, rules: { read: true } },
    },
    { pointer: '/collections/items/rules/update', before: 'true', after: "auth.can('items.manage')" },
    { pointer: '/collections/items/rules/list', before: true },
    { pointer: '/collections/items/schema/properties/amount/type', before: 'integer', after: 'string' },
    { pointer: '/collections/items/schema/properties/a~1b', after: { type: 'string' } },
    { pointer: '/default/ada/users/password', before: 'hunter2', after: 'hunter3', in: 'seed' },
  ],
  consent: 'token',
}

const plain = coloursFor({ write: () => {} }, {})
const show = (plan: Plan, colours = plain) => renderPlan(plan, { colours, folder: 'apps/shop' })

test('a plan reads as it did: `npx vitest run cli/src/output -u` takes it over', async () => {
  await expect(show(change)).toMatchFileSnapshot('./plan.golden.txt')
})

test('colours mark what is made, changed and put away', () => {
  const coloured = show(change, coloursFor({ write: () => {} }, { FORCE_COLOR: '1' }))
  expect(coloured).toContain('\u001b[32m+ create collection orders\u001b[39m')
  expect(coloured).toContain('\u001b[31m- hide field items.note\u001b[39m')
})

describe('what the records forbid', () => {
  test('is told with its place in the folder', () => {
    const refusals = [
      {
        pointer: '/collections/items',
        message: '3 records have no item',
        file: 'app.yaml',
        line: 4,
        column: 3,
        excerpt: '    4 | x',
      },
    ]
    expect(show({ ...change, refusals })).toContain('apps/shop/app.yaml:4:3: 3 records have no item\n    4 | x')
  })
})

test('values of seed.yaml are not shown: there are passwords among them', () => {
  expect(show(change)).not.toContain('hunter')
})

test('nothing to do is one line', () => {
  expect(show({ ...empty, outcome: 'unchanged' })).toBe('shop: nothing changes; version 3 is live.')
})
