import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Folder, makeTar } from './make-tar.ts'

const place = mkdtempSync(join(tmpdir(), 'roadbase-tar-'))
afterAll(() => {
  rmSync(place, { recursive: true })
})

const long = `${'folder/'.repeat(18)}${'n'.repeat(90)}.yaml`

describe("another program's tar unpacks it", () => {
  test.each<[string, Folder]>([
    ['one file', { 'app.yaml': 'app: todo\n' }],
    ['several, in folders', { 'app.yaml': 'a', 'collections/a.yaml': 'b', 'collections/deep/c.yaml': 'c' }],
    ['an empty file, and one of a whole block', { empty: '', block: 'x'.repeat(512), more: 'y'.repeat(513) }],
    ['bytes and letters beyond ASCII', { 'größe.yaml': 'ü', bytes: new Uint8Array([0, 255, 128]) }],
    ['a long path', { [long]: 'far away' }],
  ])('%s', (_, folder) => {
    const unpacked = mkdtempSync(join(place, 'out-'))
    execFileSync('tar', ['-x', '-C', unpacked], { input: makeTar(folder) })
    for (const [path, content] of Object.entries(folder)) {
      expect(readFileSync(join(unpacked, path))).toEqual(Buffer.from(content))
    }
  })
})

test('the same files make the same bytes, in whatever order they are named', () => {
  expect(makeTar({ a: '1', b: '2' })).toEqual(makeTar({ b: '2', a: '1' }))
})

test.each(['', '/etc/passwd', '../app.yaml', 'a/../b', './a', 'a//b', 'a\\b', 'a\0b', 'n'.repeat(101)])(
  'the path %j is refused',
  (path) => {
    expect(() => makeTar({ [path]: 'x' })).toThrow(TypeError)
  },
)
