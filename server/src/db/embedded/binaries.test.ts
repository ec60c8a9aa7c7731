import { access, chmod, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../log.ts'
import { prepareBinaries } from './binaries.ts'

let folder: string
let native: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-binaries-'))
  await chmod(folder, 0o755)
  native = join(folder, 'package', 'native')
  await mkdir(join(native, 'bin'), { recursive: true })
  await mkdir(join(native, 'lib'))
  await writeFile(join(dirname(native), 'package.json'), '{"version": "18.4.0"}')
  await writeFile(join(native, 'bin', 'postgres'), '')
  await chmod(join(native, 'bin', 'postgres'), 0o755)
  await writeFile(join(native, 'lib', 'libx.so.1.2'), '')
  await writeFile(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]),
  )
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const someone = { name: 'someone', uid: 65_000, gid: 65_000, dropped: true }
const prepare = () => prepareBinaries({ root: join(folder, 'root') }, someone, silentLog, native)

test('links that the install script would have made are made', async () => {
  expect(await prepare()).toEqual({
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
  })
  expect(await readlink(join(native, 'lib', 'libx.so.1'))).toBe('libx.so.1.2')
  await expect(prepare()).resolves.toBeDefined()
})

test('programs that the user can not reach are copied to where it can', async () => {
  await mkdir(join(folder, 'root'))
  await chmod(join(folder, 'package'), 0o700)
  const copy = join(folder, 'root', 'postgresql-18.4.0')
  expect((await prepare()).postgres).toBe(join(copy, 'bin', 'postgres'))
  expect(await readlink(join(copy, 'lib', 'libx.so.1'))).toBe('libx.so.1.2')
  await access(join(copy, 'bin', 'postgres'))
  // Once is enough.
  await rm(join(copy, 'lib'), { recursive: true })
  await prepare()
  await expect(access(join(copy, 'lib'))).rejects.toThrow()
})
