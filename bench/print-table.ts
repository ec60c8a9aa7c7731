import type { Row } from './measure.ts'

const HEAD = [
  'workload',
  'bare/s',
  'Roadbase/s',
  'ratio',
  'goal',
  'p50 ms',
  'p99 ms',
  'bare µs',
  '+ PG',
  'µs',
  '+ PG',
  'RSS MiB',
  'failed',
]

export function printTable(
  rows: readonly Row[],
  others: readonly { readonly name: string; readonly value: string; readonly goal: string }[],
): void {
  const cells = rows.map((row) => [
    row.name,
    thousands(row.bare),
    thousands(row.roadbase),
    row.ratio.toFixed(2),
    row.goal === 0 ? '' : `>= ${row.goal}`,
    row.p50.toFixed(1),
    row.p99.toFixed(1),
    row.bareCpu.toFixed(1),
    row.barePostgres.toFixed(1),
    row.cpu.toFixed(1),
    row.postgres.toFixed(1),
    row.rss.toFixed(0),
    String(row.failed),
  ])
  if (cells.length > 0) process.stdout.write(`${table([HEAD, ...cells])}\n`)
  if (others.length > 0) {
    const lines = others.map(({ name, value, goal }) => [name, value, goal])
    process.stdout.write(`${table([['measure', 'value', 'goal'], ...lines])}\n`)
  }
}

function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

function thousands(perSecond: number): string {
  return `${(perSecond / 1000).toFixed(1)}k`
}
