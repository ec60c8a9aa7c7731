/** A cell; null is nothing at all, which is told apart from `""`. */
export type Cell = string | null

/** The cells of one record of CSV (RFC 4180); a text says what is wrong with it. */
export function csvCells(text: string): Cell[] | string {
  if (!text.includes('"')) return text.split(',').map((cell) => (cell === '' ? null : cell))
  const cells: Cell[] = []
  let at = 0
  for (;;) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1)
      if (end === -1) return 'a quoted cell has no end'
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 1
    } else {
      const comma = text.indexOf(',', at)
      const end = comma === -1 ? text.length : comma
      const cell = text.slice(at, end)
      if (cell.includes('"')) return 'a cell with quotes has to be quoted, and its quotes doubled'
      cells.push(cell === '' ? null : cell)
      at = end
    }
    if (at >= text.length) return cells
    if (text[at] !== ',') return 'a comma has to follow a quoted cell'
    at++
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at
  return -1
}
