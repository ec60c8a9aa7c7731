export type Encoding = 'br' | 'gzip' | 'identity'

/**
 * The encoding that a client likes best of those we can make (RFC 9110, 12.5.3). Equal wishes: brotli before gzip before none.
 * A header nobody can satisfy gets the plain bytes: that serves more clients than 406.
 */
export function chooseEncoding(acceptEncoding: string): Encoding {
  if (acceptEncoding === '') return 'identity'
  const wishes = new Map<string, number>()
  for (const element of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    wishes.set(name === 'x-gzip' ? 'gzip' : name, quality === undefined ? 1 : readQuality(quality.slice(2)))
  }
  const wish = (name: Encoding): number => wishes.get(name) ?? (name === 'identity' ? 0.001 : (wishes.get('*') ?? 0))
  const best = (['br', 'gzip', 'identity'] as const).reduce((left, right) => (wish(right) > wish(left) ? right : left))
  return wish(best) > 0 ? best : 'identity'
}

function readQuality(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0
}
