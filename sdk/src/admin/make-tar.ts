/** The files of a folder by their path in it, `collections/todos.yaml`; with `/` on every platform. */
export type Folder = Readonly<Record<string, string | Uint8Array>>

const BLOCK = 512
const encoder = new TextEncoder()

/**
 * The folder as a tar archive (ustar, POSIX.1-1988). The same folder always makes the same bytes: entries are sorted, and
 * times and owners are left out.
 */
export function makeTar(folder: Folder): Uint8Array<ArrayBuffer> {
  const parts = Object.entries(folder)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([path, content]) => entry(path, typeof content === 'string' ? encoder.encode(content) : content))
  // Two empty blocks end an archive.
  return concat([...parts, new Uint8Array(2 * BLOCK)])
}

function entry(path: string, content: Uint8Array): Uint8Array[] {
  const padding = new Uint8Array((BLOCK - (content.length % BLOCK)) % BLOCK)
  return [header(path, content.length), content, padding]
}

function header(path: string, size: number): Uint8Array {
  const { prefix, name } = splitPath(checked(path))
  const block = new Uint8Array(BLOCK)
  const put = (offset: number, text: string) => block.set(encoder.encode(text), offset)
  put(0, name)
  put(100, '0000644\0')
  put(108, '0000000\0')
  put(116, '0000000\0')
  put(124, `${size.toString(8).padStart(11, '0')}\0`)
  put(136, '00000000000\0')
  // The checksum counts its own field as spaces.
  put(148, ' '.repeat(8))
  put(156, '0')
  put(257, 'ustar\x0000')
  put(345, prefix)
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `)
  return block
}

/** What the server would refuse is refused here, where the path is still known to who made it. */
function checked(path: string): string {
  const wrong = path.split('/').some((part) => part === '' || part === '.' || part === '..') || /[\\\0]/.test(path)
  if (wrong) throw new TypeError(`'${path}' is not a path inside the folder`)
  return path
}

/** A path of more than 100 bytes is cut at a slash: up to 155 bytes go before it. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (encoder.encode(path).length <= 100) return { prefix: '', name: path }
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)]
    if (encoder.encode(name).length <= 100 && encoder.encode(prefix).length <= 155) return { prefix, name }
  }
  throw new TypeError(`'${path}' is too long for an archive`)
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
