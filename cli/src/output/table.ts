import CliTable from 'cli-table3'
import type { Colours } from './colours.ts'

export interface Column<T> {
  readonly title: string
  readonly value: (row: T) => string | number | null | undefined
}

interface Look {
  readonly width: number
  readonly colours: Colours
}

const GAP = 2
/** Narrower columns than this tell nothing. */
const NARROWEST = 6

/** A table for people, no wider than the terminal: first long values are cut short, then the last columns go. */
export function renderTable<T>(rows: readonly T[], columns: readonly Column<T>[], { width, colours }: Look): string {
  const cells = rows.map((row) => columns.map(({ value }) => plain(value(row))))
  const natural = columns.map(({ title }, at) => Math.max(title.length, ...cells.map((row) => lengthOf(row[at] ?? ''))))
  const widths = fit(natural, width)
  const titles = columns.map(({ title }) => (isName(title) ? title : title.toUpperCase()))
  const table = new CliTable({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    head: widths.map((space, at) => cut(titles[at] ?? '', space)),
  })
  table.push(...cells.map((row) => widths.map((space, at) => cut(row[at] ?? '', space))))
  const [head = '', ...body] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const left = columns.slice(widths.length).map(({ title }) => title)
  const more = left.length === 0 ? [] : [colours.dim(cut(`(no room for ${left.join(', ')})`, width))]
  return [colours.dim(head), ...body, ...more].join('\n')
}

/** The names of fields stay as they are written. */
function isName(title: string): boolean {
  return /[a-z][A-Z]/.test(title)
}

/** One thing, a line for each of its values. */
export function renderFields(fields: readonly (readonly [string, unknown])[], { colours }: Look): string {
  const width = Math.max(...fields.map(([name]) => name.length))
  return fields
    .map(([name, value]) => {
      const lines = plain(value, '').split('\n')
      const rest = lines.slice(1).map((line) => `${' '.repeat(width + GAP)}${line}`)
      return [`${colours.dim(name.padEnd(width))}${' '.repeat(GAP)}${lines[0]}`.trimEnd(), ...rest].join('\n')
    })
    .join('\n')
}

/** How wide each column may be; fewer columns than there are when not even narrow ones all fit. */
export function fit(natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural]
  const total = () => widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1)
  while (total() > width) {
    const widest = Math.max(...widths)
    if (widest > NARROWEST) widths[widths.lastIndexOf(widest)] = widest - 1
    else if (widths.length > 1) widths.splice(0, widths.length, ...natural.slice(0, widths.length - 1))
    else break
  }
  return widths
}

/** A value as people read it, on one line. */
export function plain(value: unknown, lineBreak = ' '): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return lineBreak === '' ? safe(value, true) : safe(value, false)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return JSON.stringify(value)
}

/** What somebody stored must not move the cursor of who looks at it. */
function safe(text: string, lines: boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
  const control = lines ? /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g : /[\u0000-\u001f\u007f-\u009f]/g
  return text.replace(control, (character) => (character === '\n' || character === '\t' ? ' ' : '\ufffd'))
}

function cut(text: string, width: number): string {
  if (lengthOf(text) <= width) return text
  return `${[...text].slice(0, Math.max(1, width - 1)).join('')}…`
}

function lengthOf(text: string): number {
  return [...text].length
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
}
