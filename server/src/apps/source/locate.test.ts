import { expect, test } from 'vitest'
import type { Issue } from '../section.ts'
import { locate } from './locate.ts'
import { mergeTrees } from './merge-trees.ts'
import { parseYaml } from './parse-yaml.ts'

const files = {
  'app.yaml': [
    'app: chat',
    'rooms:',
    '  read: record.ownr == auth.id',
    '  tags: [a, {b: c}]',
    '  note: >-',
    '    one',
    '    two three',
  ],
  'more.yaml': ['rooms:', '  write: "x == \\"y\\" && zed.foo"', '', '  a/b~c: 1'],
}

const { tree } = mergeTrees(
  Object.entries(files).flatMap(([name, lines]) => parseYaml({ name, text: lines.join('\n') }).tree ?? []),
)

/** What is underlined: `file:line:column text`. */
test.each<[issue: Omit<Issue, 'message'>, place: string]>([
  [{ pointer: '' }, 'app.yaml:1:1 a'],
  [{ pointer: '/app' }, 'app.yaml:1:6 chat'],
  [{ pointer: '/app', at: 'key' }, 'app.yaml:1:1 app'],
  [{ pointer: '/rooms' }, 'app.yaml:2:1 rooms'],
  [{ pointer: '/rooms/read', offset: 0 }, 'app.yaml:3:9 record'],
  [{ pointer: '/rooms/read', offset: 6 }, 'app.yaml:3:15 .ownr'],
  [{ pointer: '/rooms/read', offset: 12 }, 'app.yaml:3:21 ='],
  [{ pointer: '/rooms/tags/0' }, 'app.yaml:4:10 a'],
  [{ pointer: '/rooms/tags/1' }, 'app.yaml:4:14 b'],
  [{ pointer: '/rooms/tags/1/b' }, 'app.yaml:4:17 c'],
  [{ pointer: '/rooms/note', offset: 8 }, 'app.yaml:7:9 three'],
  [{ pointer: '/rooms/write', offset: 12 }, 'more.yaml:2:25 zed'],
  [{ pointer: '/rooms/write', offset: 15 }, 'more.yaml:2:28 .foo'],
  [{ pointer: '/rooms/a~1b~0c' }, 'more.yaml:4:10 1'],
  [{ pointer: '/rooms/missing/deep' }, 'app.yaml:2:1 rooms'],
  [{ pointer: '/rooms/missing/deep', at: 'key' }, 'app.yaml:2:1 rooms'],
  [{ pointer: '/rooms/read/deeper' }, 'app.yaml:3:3 read'],
])('%j', (issue, place) => {
  if (tree === undefined) throw new Error('the files are no documents')
  const { file, line, column, excerpt = '' } = locate(tree, { ...issue, message: '' })
  const [source = '', caret = ''] = excerpt.split('\n').map((text) => text.slice('12345 | '.length))
  const underlined = source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)
  expect(`${file}:${line}:${column} ${underlined}`).toBe(place)
})
