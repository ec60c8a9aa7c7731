/** A fenced code block of a Markdown document. */
export interface Block {
  readonly language: string
  readonly text: string
  /** Line of its first fence, from 1. */
  readonly line: number
  readonly directives: Directives
}

/**
 * What a comment right before a block says of it; readers of the rendered page do not see it. Several may stand there:
 * `<!-- not run: why -->` for what a test can not do; `<!-- fails: x, y -->` for the error codes that a shell block shows, or
 * what is told of a wrong app document; `<!-- before: commands -->` for what the reader has done and the page only tells;
 * `<!-- file: config/apps/x/y.yaml -->` for YAML that is a file beside an `app.yaml`, and for TypeScript that is a file of tests.
 */
export interface Directives {
  readonly notRun?: string
  readonly fails?: readonly string[]
  readonly before?: string
  readonly file?: string
}

const comment = /^<!--\s*(not run|fails|before|file):\s*(.+?)\s*-->$/s

/** All fenced blocks of a document, in order. */
export function readBlocks(markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  let above: string[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const [, fence, language = ''] = /^(`{3,}|~{3,})\s*([\w-]*)/.exec(line) ?? []
    if (fence === undefined) {
      if (line.trim() !== '') above = line.startsWith('<!--') || isOpen(above) ? [...above, line] : []
      continue
    }
    const end = lines.indexOf(fence, index + 1)
    if (end === -1) throw new Error(`The code block of line ${index + 1} does not end`)
    const text = `${lines.slice(index + 1, end).join('\n')}\n`
    blocks.push({ language, text, line: index + 1, directives: directivesOf(above) })
    above = []
    index = end
  }
  return blocks
}

function isOpen(above: readonly string[]): boolean {
  return above.length > 0 && !above.at(-1)?.endsWith('-->')
}

function directivesOf(above: readonly string[]): Directives {
  const found: { notRun?: string; fails?: string[]; before?: string; file?: string } = {}
  for (const text of above.join('\n').split(/(?<=-->)\n/)) {
    const [, name, value = ''] = comment.exec(text) ?? []
    if (name === 'not run') found.notRun = value
    if (name === 'fails') found.fails = value.split(',').map((code) => code.trim())
    if (name === 'before') found.before = value
    if (name === 'file') found.file = value
  }
  return found
}
