import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findCommand } from './find-command.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'roadbase-find-command-')))
afterAll(() => rmSync(root, { recursive: true }))

const project = folder('project')
const kit = folder('kit')
const bare = folder('bare')
const shell = folder('shell')
install(project)
install(kit)
writeFileSync(join(shell, 'roadbase'), '')

test.each<[string, Parameters<typeof findCommand>[0], readonly string[]]>([
  [
    'what ROADBASE_COMMAND says, quotes included',
    { env: { ROADBASE_COMMAND: ` node "/with a space/roadbase.js"  --flag 'b c' ` }, cwd: project, here: kit },
    ['node', '/with a space/roadbase.js', '--flag', 'b c'],
  ],
  ["the project's", { env: { PATH: shell }, cwd: project, here: join(kit, 'a.js') }, ours(project)],
  ['the one beside the kit', { env: { PATH: shell }, cwd: bare, here: join(kit, 'a.js') }, ours(kit)],
  [
    'the one of the shell',
    { env: { PATH: `/nowhere:${shell}` }, cwd: bare, here: join(bare, 'a.js') },
    [join(shell, 'roadbase')],
  ],
])('the command is %s', (_, places, expected) => {
  expect(findCommand(places)).toEqual(expected)
})

test('without one it is told how to get it', () => {
  const places = { env: { PATH: '/nowhere', ROADBASE_COMMAND: ' ' }, cwd: bare, here: join(bare, 'a.js') }
  expect(() => findCommand(places)).toThrow(
    /no command 'roadbase'.*npm i -D @roadbase\/cli.*ROADBASE_COMMAND.*ROADBASE_TEST_URL/,
  )
})

function folder(name: string): string {
  const path = join(root, name)
  mkdirSync(path)
  return path
}

function install(where: string): void {
  const cli = join(where, 'node_modules/@roadbase/cli')
  mkdirSync(cli, { recursive: true })
  writeFileSync(join(cli, 'package.json'), '{ "bin": { "roadbase": "bin/roadbase.js" } }')
}

function ours(where: string): string[] {
  return [process.execPath, join(where, 'node_modules/@roadbase/cli/bin/roadbase.js')]
}
