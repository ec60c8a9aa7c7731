import type { Io, Sink } from '../io.ts'

export interface Colours {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}

/**
 * Colours for one stream: on a terminal, unless `NO_COLOR` (https://no-color.org) or `TERM=dumb` speak against it; `FORCE_COLOR` has
 * the last word.
 */
export function coloursFor(stream: Sink, env: Io['env']): Colours {
  const wanted = isWanted(stream, env)
  const paint = (open: number, close: number) => (text: string) =>
    wanted && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  }
}

export function isWanted(stream: Sink, env: Io['env']): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: terminal } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no !== undefined && no !== '') return false
  return stream.isTTY === true && terminal !== 'dumb'
}
