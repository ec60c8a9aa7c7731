import { buffer } from 'node:stream/consumers'
import { createGzip, gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { limits } from '../source/limits.ts'
import { readArchive } from './read-archive.ts'

type Entry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer }

async function tarOf(...entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack()
  for (const { content = '', ...header } of entries) archive.entry(header, content as string)
  archive.finalize()
  return buffer(archive)
}

const text = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await readArchive(bytes).then(
    () => new Error('was read'),
    (thrown: Error) => thrown,
  )
  return error instanceof Problem ? `${error.code}: ${error.detail}` : String(error)
}

const APP: Entry = { name: 'app.yaml', content: 'app: todo' }

describe('the folder of an app', () => {
  test.each<[what: string, entries: Entry[]]>([
    ['as it is', [APP, { name: 'parts/a.yaml', content: 'a' }]],
    [
      'with ./ in front',
      [
        { name: './', type: 'directory' },
        { ...APP, name: './app.yaml' },
        { name: './parts/a.yaml', content: 'a' },
      ],
    ],
    [
      'in a folder',
      [
        { name: 'todo/', type: 'directory' },
        { ...APP, name: 'todo/app.yaml' },
        { name: 'todo/parts/a.yaml', content: 'a' },
      ],
    ],
    [
      'in a folder, with what macOS adds',
      [
        { name: '._todo' },
        { ...APP, name: 'todo/app.yaml' },
        { name: 'todo/._app.yaml' },
        { name: 'todo/parts/a.yaml', content: 'a' },
      ],
    ],
  ])('%s', async (_, entries) => {
    const archive = await tarOf(...entries)
    const files = { 'app.yaml': 'app: todo', 'parts/a.yaml': 'a' }
    expect(text(await readArchive(archive))).toEqual(files)
    expect(text(await readArchive(gzipSync(archive)))).toEqual(files)
  })

  test('whose top folder is not the only one stays as it is', async () => {
    const archive = await tarOf({ ...APP, name: 'todo/app.yaml' }, { name: 'other/readme.md' })
    expect(Object.keys(await readArchive(archive))).toEqual(['todo/app.yaml', 'other/readme.md'])
  })

  test('with long names and names that are no ASCII', async () => {
    const long = `${'a/'.repeat(120)}ü.yaml`
    expect(Object.keys(await readArchive(await tarOf(APP, { name: long })))).toEqual(['app.yaml', long])
  })

  test('named like what every object has', async () => {
    const files = await readArchive(await tarOf(APP, { name: '__proto__', content: 'x' }, { name: 'constructor' }))
    expect(Object.keys(files)).toEqual(['app.yaml', '__proto__', 'constructor'])
  })
})

describe('what could mean harm is refused as a whole', () => {
  test.each<[entry: Entry, fault: string]>([
    [{ name: '../evil.yaml' }, '"../evil.yaml" leads out of the folder'],
    [{ name: 'a/../../evil.yaml' }, '"a/../../evil.yaml" leads out of the folder'],
    [{ name: 'a/..' }, '"a/.." leads out of the folder'],
    [{ name: './../evil.yaml' }, '"./../evil.yaml" leads out of the folder'],
    [{ name: '/etc/passwd' }, '"/etc/passwd" has an absolute path'],
    [{ name: './/etc/passwd' }, `".//etc/passwd" has a path with an empty part or '.'`],
    [{ name: 'C:/evil.yaml' }, '"C:/evil.yaml" has an absolute path'],
    [{ name: 'c:evil.yaml' }, '"c:evil.yaml" has an absolute path'],
    [{ name: '..\\evil.yaml' }, `"..\\\\evil.yaml" has a name with '\\'`],
    [{ name: 'a//b.yaml' }, `"a//b.yaml" has a path with an empty part or '.'`],
    [{ name: 'a/./b.yaml' }, `"a/./b.yaml" has a path with an empty part or '.'`],
    [{ name: 'a\nb.yaml' }, '"a\\nb.yaml" has a name with control characters, or that is no UTF-8'],
    [{ name: 'x', pax: { path: '../evil.yaml' } }, '"../evil.yaml" leads out of the folder'],
    [
      { name: 'x', pax: { path: 'app\0.yaml' } },
      '"app\\u0000.yaml" has a name with control characters, or that is no UTF-8',
    ],
    [{ name: `${'a/'.repeat(600)}b` }, `${JSON.stringify('a/'.repeat(100))} has a name of more than 1000 characters`],
    [{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }, '"link" is a link'],
    [{ name: 'link', type: 'symlink', linkname: 'app.yaml' }, '"link" is a link'],
    [{ name: 'link', type: 'link', linkname: 'app.yaml' }, '"link" is a link'],
    [{ name: 'null', type: 'character-device' }, '"null" is a device'],
    [{ name: 'disk', type: 'block-device' }, '"disk" is a device'],
    [{ name: 'pipe', type: 'fifo' }, '"pipe" is a device'],
    [{ name: 'odd', type: 'contiguous-file' }, '"odd" is a special entry'],
    [{ name: 'app.yaml', content: 'app: other' }, '"app.yaml" is there twice'],
    [{ name: './app.yaml', content: 'app: other' }, '"./app.yaml" is there twice'],
  ])('%j', async (entry, fault) => {
    for (const order of [
      [APP, entry],
      [entry, APP],
    ]) {
      const expected = `unsafe_archive: ${fault}. Nothing of the archive was read.`
      const archive = await tarOf(...order)
      // Of two of one name, the second one is the one that is named.
      if (!fault.endsWith('twice')) expect(await refusal(archive)).toBe(expected)
      else expect(await refusal(archive)).toContain('is there twice')
      expect(await refusal(gzipSync(archive))).toContain('unsafe_archive')
    }
  })

  test('a long name that GNU tar would put in front', async () => {
    const name = `../${'a'.repeat(120)}`
    const header = (await tarOf({ name: '././@LongLink', content: `${name}\0` })).subarray(0, 1024)
    header[156] = 'L'.charCodeAt(0)
    header.write('        ', 148)
    const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    expect(await refusal(Buffer.concat([header, await tarOf({ name: 'short' })]))).toContain('leads out of the folder')
  })

  test('a folder that hides entries as its content', async () => {
    const archive = await tarOf({ name: 'folder', content: 'x'.repeat(512) }, APP)
    archive[156] = '5'.charCodeAt(0)
    archive.write('        ', 148)
    const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    expect(await refusal(archive)).toContain('is a folder with content of its own')
  })
})

describe('what is no archive', () => {
  const notRead = 'invalid_archive: The body is no tar archive, gzipped or not, or it is cut off.'

  test.each<[what: string, bytes: () => Buffer | Promise<Buffer>]>([
    ['nothing', () => Buffer.alloc(0)],
    ['a text', () => Buffer.from('app: todo')],
    ['a long text', () => Buffer.from('app: todo\n'.repeat(1000))],
    ['a broken gzip', () => Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])],
    ['a gzip that is cut off', async () => gzipSync(await tarOf(APP)).subarray(0, -12)],
    ['a gzip of a text', () => gzipSync('app: todo')],
    [
      'a tar that is cut off in a file',
      async () => (await tarOf({ ...APP, content: 'x'.repeat(5000) })).subarray(0, 2048),
    ],
    ['a tar that is cut off between two files', async () => (await tarOf(APP, APP)).subarray(0, 1024)],
    [
      'a tar with a wrong sum',
      async () => {
        const archive = await tarOf(APP)
        archive[0] = 98
        return archive
      },
    ],
    ['a tar in a gzip in a gzip', async () => gzipSync(gzipSync(await tarOf(APP)))],
  ])('%s', async (_, bytes) => {
    expect(await refusal(await bytes())).toBe(notRead)
  })

  test('an archive of nothing', async () => {
    expect(await refusal(await tarOf())).toBe('invalid_archive: The archive holds no files.')
    expect(await refusal(await tarOf({ name: 'todo/', type: 'directory' }))).toBe(
      'invalid_archive: The archive holds no files.',
    )
  })
})

describe('bounds', () => {
  test('a bomb ends at the limit, with memory of no more than that', async () => {
    const bomb = await bombOf(1024)
    expect(bomb.length).toBeLessThan(2 * 1024 * 1024)
    const before = process.memoryUsage().rss
    expect(await refusal(bomb)).toBe(`invalid_archive: The archive has more than ${limits.archive} bytes, unpacked.`)
    expect(process.memoryUsage().rss - before).toBeLessThan(10 * limits.archive)
  })

  test('more files than a folder may have', async () => {
    const many = Array.from({ length: limits.entries + 1 }, (_, index) => ({ name: `f${index}` }))
    expect(await refusal(await tarOf(...many))).toBe(
      `invalid_archive: The archive has more than ${limits.entries} files, unpacked.`,
    )
  })
})

/** A gzip of so many mebibytes of one file of zeros. */
async function bombOf(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip()
  const compressed = buffer(gzip)
  const archive = pack()
  const entry = archive.entry({ name: 'app.yaml', size: mebibytes * 1024 * 1024 })
  archive.pipe(gzip)
  const zeros = Buffer.alloc(1024 * 1024)
  for (let index = 0; index < mebibytes; index++) {
    if (!entry.write(zeros)) await new Promise<void>((resolve) => entry.once('drain', resolve))
  }
  entry.end(undefined)
  archive.finalize()
  return compressed
}
