import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml'
import { didYouMean } from '../errors/did-you-mean.ts'
import type { Complaint, Given } from './given.ts'
import type { NamedOption } from './options.ts'

/** Reads a settings file: known keys with the line they stand on; everything else is a complaint. */
export function readYaml(
  file: string,
  base: string,
  known: readonly NamedOption[],
  complaints: Complaint[],
): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>()
  const text = readText(file, complaints)
  if (text === undefined) return given

  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number | undefined) => `${basename(file)}:${lines.linePos(offset ?? 0).line}`
  for (const error of document.errors) {
    complaints.push({ what: `${at(error.pos[0])} is not valid YAML`, fix: firstLine(error.message) })
  }
  if (document.errors.length > 0 || document.contents === null) return given
  if (!isMap(document.contents)) {
    complaints.push({ what: `${basename(file)} is no map of settings`, fix: 'Write one `key: value` per line.' })
    return given
  }

  const groups = new Set(known.filter(({ key }) => key.includes('.')).map(({ key }) => key.split('.')[0] ?? ''))
  const take = (map: YAMLMap, prefix: string) => {
    for (const pair of map.items) {
      const { name, offset } = keyOf(pair)
      const key = prefix + name
      const option = known.find((candidate) => candidate.key === key)
      if (option !== undefined) given.set(key, { value: plain(pair.value), where: at(offset), base })
      else if (prefix === '' && groups.has(name)) takeGroup(pair, name, at(offset))
      else complaints.push(unknownKey(key, at(offset), known))
    }
  }
  const takeGroup = (pair: Pair, name: string, where: string) => {
    if (isMap(pair.value)) take(pair.value, `${name}.`)
    else complaints.push({ what: `${name} (${where}) is a group of settings`, fix: groupFix(name, known) })
  }
  take(document.contents, '')
  return given

  function plain(node: unknown): unknown {
    return node === null || node === undefined ? null : (node as { toJS(doc: unknown): unknown }).toJS(document)
  }
}

function readText(file: string, complaints: Complaint[]): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    complaints.push({ what: `the settings file ${file} can not be read`, fix: reason })
    return undefined
  }
}

function keyOf(pair: Pair): { name: string; offset: number | undefined } {
  return isScalar(pair.key)
    ? { name: String(pair.key.value), offset: pair.key.range?.[0] }
    : { name: String(pair.key), offset: undefined }
}

function unknownKey(key: string, where: string, known: readonly NamedOption[]): Complaint {
  const keys = known.map((option) => option.key)
  return {
    what: `unknown key ${key} (${where})`,
    fix: `Remove it; docs/reference/settings.md lists all of them.${didYouMean(key, keys)}`,
  }
}

function groupFix(name: string, known: readonly NamedOption[]): string {
  const members = known.filter(({ key }) => key.startsWith(`${name}.`)).map(({ key }) => key.slice(name.length + 1))
  return `Write its settings below it: ${members.join(', ')}.`
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}
