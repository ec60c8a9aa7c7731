import type { FileFormat } from 'roadbase'

const FORMATS: readonly FileFormat[] = ['jsonl', 'csv', 'json']

export function toFormat(text: string): FileFormat {
  const format = FORMATS.find((known) => known === text)
  if (format === undefined) throw new TypeError('It is jsonl, csv or json.')
  return format
}

/** By the name of the file. */
export function formatOf(file: string | undefined): FileFormat {
  const ending = file?.split('.').at(-1)?.toLowerCase()
  return FORMATS.find((known) => known === ending) ?? 'jsonl'
}
