import { expect, scenario } from './index.ts'

scenario('simple-todo', ({ app, test }) => {
  test('x', async () => {
    const todos = app.anonymous().collection('todos')
    await todos.create({ title: 'a' })
    await expect.eventually(async () => (await todos.list()).items.length).toBe(1)
    await expect(todos.create({})).toBeRefused('validation_failed')
  })
})
