import { describe, expect, it } from 'vitest'
import { fakeServer } from '../testing/fake-server.ts'
import { createClient, filter } from './index.ts'

const { fields } = createClient({ url: 'http://roadbase.test', app: 'todo', fetch: fakeServer([]).fetch }).collection(
  'todos',
)
const at = (name: string) => fields[name] as never

describe('a field of a collection', () => {
  it.each([
    [filter`${at('title')} == ${'a'}`, 'title == "a"'],
    [filter`${at('title')}.contains(${'a'})`, 'title .contains("a")'],
    [filter`!${at('done')}`, '! done'],
    [filter`${'a'} in [${at('title')}, ${at('note')}]`, '"a" in [title, note]'],
    [filter`${filter`${at('done')}`} || ${at('open')}`, '(done) || open'],
  ])('is its name in a filter: %s', (made, source) => {
    expect(String(made)).toBe(source)
  })

  it('leads on through relations and objects', () => {
    const { author } = fields as unknown as { author: { city: { name: never } } }
    expect(String(filter`${author.city.name} == ${1}`)).toBe('author.city.name == 1')
  })

  it.each(['a b', 'a == true || b', 'a.b', '', '"', '1', '__proto__'])(
    'has no name like %j, which could be an expression',
    (name) => {
      expect(() => at(name)).toThrow(TypeError)
    },
  )

  it('is no more than a name: nothing of it can be sent, and nothing parsed can be one', () => {
    expect(() => filter`${fields as never} == ${1}`).toThrow(TypeError)
    expect(() => filter`${JSON.parse('{"path":"title"}')} == ${1}`).toThrow(TypeError)
    expect(JSON.stringify({ fields })).toBe('{"fields":{}}')
  })
})
