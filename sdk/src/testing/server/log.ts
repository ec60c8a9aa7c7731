/** What a server has printed: its log as JSON lines, and what else it says. */
export interface Log {
  add(chunk: string): void
  /** Everything, as it came. */
  text(): string
  /** A place to read from later. */
  mark(): number
  /** The last lines since the mark, for people. */
  show(since?: number, most?: number): string
}

/** More than a run of tests prints; the beginning of what is longer is forgotten. */
const KEPT = 4 * 2 ** 20

export function createLog(): Log {
  let text = ''
  let forgotten = 0

  return {
    add(chunk) {
      text += chunk
      if (text.length <= KEPT) return
      const cut = text.length - KEPT / 2
      forgotten += cut
      text = text.slice(cut)
    },
    text: () => text,
    mark: () => forgotten + text.length,
    show(since = 0, most = 40) {
      const lines = text
        .slice(Math.max(0, since - forgotten))
        .split('\n')
        .filter((line) => line.trim() !== '' && !SECRET.test(line))
        .map(showLine)
      const left = lines.length - most
      return [...(left > 0 ? [`… ${left} more lines before`] : []), ...lines.slice(-most)].join('\n')
    },
  }
}

/** Inside of a message: lines of a stack in it must not be taken for the stack of the message. */
export function quoteLog(text: string): string {
  return text === '' ? '| (nothing)' : text.replace(/^/gm, '| ')
}

/** The link that makes whoever has it the administrator. */
const SECRET = /^Make the first administrator/

interface Entry {
  readonly level?: unknown
  readonly time?: unknown
  readonly room?: unknown
  readonly msg?: unknown
  readonly [key: string]: unknown
}

/** `14:31:32.168 error apps: The app document is not applied {"app":"todo"}`; what is no line of the log stays as it is. */
function showLine(line: string): string {
  const entry = parse(line)
  if (entry === undefined) return line
  const { level, time, room, msg, ...rest } = entry
  const clock = typeof time === 'string' ? `${time.slice(11, 23)} ` : ''
  const details = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`
  return `${clock}${String(level)} ${room === undefined ? '' : `${String(room)}: `}${String(msg)}${details}`
}

function parse(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Entry
  } catch {
    return undefined
  }
}
