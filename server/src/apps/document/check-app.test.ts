import { describe, expect, test } from 'vitest'
import { showIssues } from '../source/document-issue.ts'
import { termsSection } from '../terms.ts'
import { appOf, brief, notesSection } from '../testing.ts'
import { createChecker } from './check-app.ts'

const notes = notesSection()
const check = createChecker([termsSection, notes])

async function issuesOf(files: string | Record<string, string>, name = 'todo') {
  const checked = check(await appOf(name, files))
  return checked.ok ? [] : brief(checked.issues)
}

describe('a document that is right', () => {
  test('becomes the models of its sections', async () => {
    const checked = check(
      await appOf('todo', 'app: todo\nterms: { mine(l): l.owner == auth.id }\nnotes: { a: { columns: [x] } }'),
    )
    if (!checked.ok) throw new Error(showIssues(checked.issues))
    const { app } = checked
    expect(app).toMatchObject({ slug: 'todo', schema: 'app_todo', title: 'todo', description: '' })
    expect(app.models.get(notes)).toEqual(new Map([['a', { columns: ['x'], sorted: [] }]]))
    expect(app.models.get(termsSection)).toEqual(new Map([['mine', { params: ['l'], source: 'l.owner == auth.id' }]]))
    expect(app.snapshots).toEqual({ terms: null, notes: { a: { columns: ['x'], sorted: [] } } })
  })

  test('has another digest when anything in it changes, not when it is only written in another way', async () => {
    const digest = async (files: string | Record<string, string>) => {
      const checked = check(await appOf('todo', files))
      return checked.ok ? checked.app.digest : ''
    }
    const first = await digest('app: todo\nnotes: { a: { columns: [x] } }')
    expect(await digest('# why\n"app": todo\nnotes:\n  a:\n    columns:\n      - x\n')).toBe(first)
    expect(
      await digest({ 'app.yaml': 'app: todo\ninclude: [n.yaml]', 'n.yaml': 'notes: { a: { columns: [x] } }' }),
    ).toBe(first)
    expect(await digest('app: todo\nnotes: { a: { columns: [y] } }')).not.toBe(first)
    expect(await digest('app: todo\ntitle: Todo\nnotes: { a: { columns: [x] } }')).not.toBe(first)
  })
})

describe('the form', () => {
  test.each<[what: string, document: string, issues: string[]]>([
    ['nothing', '', ['app.yaml:1:1 the file is empty']],
    ['a list', '- app: todo', ['app.yaml:1:1 a document is a map of keys']],
    ['no slug', 'title: Todo', ["app.yaml:1:1 'app' is missing"]],
    ['a slug of another type', 'app: 12', ['app.yaml:1:6 must be text, not 12']],
    ['a title without text', 'app: todo\ntitle: ""', ['app.yaml:2:8 must not be empty']],
    ['an unknown key', 'app: todo\nnote: {}', ["app.yaml:2:1 unknown key 'note' (did you mean 'notes'?)"]],
    [
      'an unknown key like no other',
      'app: todo\nfrobnicate: {}',
      ["app.yaml:2:1 unknown key 'frobnicate' (possible are app, title, description, include, terms, notes)"],
    ],
    [
      'an unknown key inside of a section',
      'app: todo\nnotes:\n  a:\n    colums: [x]\n    columns: [x]',
      ["app.yaml:4:5 unknown key 'colums' (did you mean 'columns'?)"],
    ],
    ['a missing key', 'app: todo\nnotes:\n  a: {}', ["app.yaml:3:3 'columns' is missing"]],
    ['a wrong type', 'app: todo\nnotes: { a: { columns: x } }', ['app.yaml:2:24 must be a list, not text']],
    [
      'one of two types',
      'app: todo\nnotes: { a: { columns: [x], when: [] } }',
      ['app.yaml:2:29 must be text or true or false, not a list'],
    ],
    [
      'none of some values',
      'app: todo\nnotes: { a: { columns: [x], size: smal } }',
      ["app.yaml:2:35 must be one of small, large (did you mean 'small'?)"],
    ],
    [
      'a value with an explanation',
      'app: todo\nnotes: { a: { columns: [x, Y] } }',
      ['app.yaml:2:28 small letters only'],
    ],
    [
      'a value twice',
      'app: todo\ninclude: [x.yaml, x.yaml]',
      ["app.yaml:2:11 there is no file 'x.yaml'", "app.yaml:2:19 there is no file 'x.yaml'"],
    ],
  ])('%s', async (_what, document, issues) => {
    expect(await issuesOf(document)).toEqual(issues)
  })
})

describe('the slug', () => {
  test.each<[folder: string, slug: string, issue: string]>([
    [
      'todo',
      'todos',
      "app.yaml:1:6 the folder is named 'todo', so the app can not be 'todos' (rename the folder, or write 'todo')",
    ],
    ['Todo', 'todo', "app.yaml:1:6 the folder is named 'Todo', so the app can not be 'todo' (rename the folder)"],
    [
      'MyTodo',
      'MyTodo',
      "app.yaml:1:6 'MyTodo' is no slug: lower-case letters, digits and single hyphens, with a letter first (for example 'my-todo')",
    ],
    [
      'a--b',
      'a--b',
      "app.yaml:1:6 'a--b' is no slug: lower-case letters, digits and single hyphens, with a letter first (for example 'a-b')",
    ],
    ['admin', 'admin', "app.yaml:1:6 'admin' is reserved (for example 'admin-app')"],
    ['x'.repeat(60), 'x'.repeat(60), 'app.yaml:1:6 the slug is longer than 59 characters'],
  ])('%s: %s', async (folder, slug, issue) => {
    expect(await issuesOf(`app: ${slug}`, folder)).toEqual([issue])
  })
})

describe('the content', () => {
  test.each<[what: string, document: string, issues: string[]]>([
    [
      'a reference to nothing',
      'app: todo\nnotes:\n  shopping: { columns: [x] }\n  other: { columns: [x], like: shoping }',
      ["app.yaml:4:32 there are no notes 'shoping' (did you mean 'shopping'?)"],
    ],
    [
      'inside of a plain expression',
      'app: todo\nnotes: { a: { columns: [x], when: a ??? b } }',
      ["app.yaml:2:37 unexpected '???'"],
    ],
    [
      'inside of a quoted expression',
      `app: todo\nnotes: { a: { columns: [x], when: "a\\n\\"b\\" ??? b" } }`,
      ["app.yaml:2:45 unexpected '???'"],
    ],
    [
      'inside of a block',
      'app: todo\nnotes:\n  a:\n    columns: [x]\n    when: >-\n      a &&\n      b ???\n',
      ["app.yaml:7:9 unexpected '???'"],
    ],
  ])('%s', async (_what, document, issues) => {
    expect(await issuesOf(document)).toEqual(issues)
  })
})

describe('all issues at once', () => {
  test('of the form and of the content, without those that only follow from others', async () => {
    const document = [
      'app: todo',
      'titel: Todo',
      'terms: { Mine(l): "1" }',
      'notes:',
      '  a: { colums: [x] }',
      '  b: { columns: [x], like: a }',
      '  c: { columns: [x], like: nobody, when: ??? }',
      '  d: { columns: [x], size: huge, like: nobody }',
    ].join('\n')
    expect(await issuesOf(document)).toEqual([
      "app.yaml:2:1 unknown key 'titel' (did you mean 'title'?)",
      "app.yaml:3:10 'Mine' is no name for a term: camelCase is expected",
      "app.yaml:5:3 'columns' is missing",
      "app.yaml:5:8 unknown key 'colums' (did you mean 'columns'?)",
      "app.yaml:7:28 there are no notes 'nobody'",
      "app.yaml:7:42 unexpected '???'",
      'app.yaml:8:28 must be one of small, large',
      "app.yaml:8:40 there are no notes 'nobody'",
    ])
  })

  test('of all files, each in its own', async () => {
    const files = {
      'app.yaml': 'app: todo\ninclude: ["*.yaml"]\nnotes:\n  a: { columns: [x], like: nobody }',
      'b.yaml': 'notes:\n  b: { columns: [x], like: nobody }\n  a: { columns: [y] }',
      'c.yaml': 'x: 1\nx: 2',
    }
    expect(await issuesOf(files)).toEqual([
      "app.yaml:4:28 there are no notes 'nobody'",
      "b.yaml:2:28 there are no notes 'nobody'",
      "b.yaml:3:8 'columns' is given twice, first in app.yaml:4:8",
      "c.yaml:1:1 unknown key 'x' (possible are app, title, description, include, terms, notes)",
      "c.yaml:2:1 'x' is given twice, first in line 1",
    ])
  })

  test('but at most a hundred', async () => {
    const document = `app: todo\n${Array.from({ length: 150 }, (_, index) => `k${index}: 1`).join('\n')}`
    const issues = await issuesOf(document)
    expect(issues).toHaveLength(101)
    expect(issues.at(-1)).toBe('app.yaml:1:1 50 more issues are not shown')
  })
})

describe('a document of nothing but mistakes is read in linear time', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index))

  test.each<[string, string[]]>([
    ['in many lines', many(60_000, (index) => `k${index}: 1`)],
    ['in one line', [`notes: { a: { columns: [${many(30_000, (index) => `{k: ${index}}`).join(', ')}] } }`]],
  ])('%s', async (_, lines) => {
    const issues = await issuesOf(['app: todo', ...lines].join('\n'))
    expect(issues).toHaveLength(101)
    expect(issues.at(-1)).toMatch(/^app\.yaml:1:1 \d+ more issues are not shown$/)
  })
})

test('a terminal shows the line and a caret', async () => {
  const checked = check(await appOf('todo', 'app: todo\nnotes:\n\ta: 1\n'.replace('\t', '  ')))
  expect(checked.ok ? '' : showIssues(checked.issues)).toBe(
    ['app.yaml:3:6: must be a map, not 1', '    3 |   a: 1', '      |      ^', ''].join('\n'),
  )
})

test('a section that asks for one behind it is a defect', async () => {
  const wrong = createChecker([notes, termsSection])
  const source = await appOf('todo', 'app: todo')
  expect(() => wrong(source)).toThrow("The section 'terms' must stand before the one that asks for it")
})
