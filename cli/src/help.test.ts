import { expect, test } from 'vitest'
import { runCommand } from '../testing/run-command.ts'
import { commands, groups } from './commands/index.ts'

const paths = ['', ...groups.map(({ name }) => name), ...commands.map(({ name }) => name)]

test('the help of every command is as it was: `npx vitest run cli/src/help.test.ts -u` takes it over', async () => {
  const texts: string[] = []
  for (const path of paths) {
    const { code, stdout, stderr } = await runCommand(['help', ...path.split(' ').filter((word) => word !== '')])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    texts.push(`$ roadbase help ${path}`.trimEnd(), stdout)
  }
  await expect(texts.join('\n')).toMatchFileSnapshot('./help.golden.txt')
})

test.each(paths)('--help of "%s" is the same, and fits 80 columns', async (path) => {
  const words = path.split(' ').filter((word) => word !== '')
  const byOption = await runCommand([...words, '--help'])
  expect(byOption).toEqual(await runCommand(['help', ...words]))
  const prose = byOption.stdout.split('Examples:')[0] ?? ''
  expect(prose.split('\n').filter((line) => line.length > 80)).toEqual([])
})

test.each(commands)('$name has examples that begin with it', ({ name, examples }) => {
  expect(examples.length).toBeGreaterThan(0)
  for (const { command } of examples) expect(command).toContain(`roadbase ${name === 'help' ? 'help' : name}`)
})

test('no example has a secret in its arguments', () => {
  const lines = commands.flatMap(({ examples }) => examples.map(({ command }) => command))
  expect(lines.filter((line) => /--(?:password|token|secret)\b|rb[ka]_|:\/\/[^/\s]*:[^/\s]*@/.test(line))).toEqual([])
})
