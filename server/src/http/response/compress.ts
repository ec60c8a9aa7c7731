import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from './encoding.ts'

/** Smaller answers fit into a few packets anyway. */
export const COMPRESS_FROM = 4096

/** Bytes in the wanted encoding, or undefined when the machine has better things to do. */
export type Compress = (bytes: Uint8Array, encoding: Exclude<Encoding, 'identity'>) => Promise<Uint8Array | undefined>

/**
 * Compression in libuv's threads, which passwords and files need, too: never more than `concurrency` at once, and whoever comes
 * while all are busy is answered with plain bytes instead of waiting.
 */
export function createCompress(concurrency: number): Compress {
  const gzipped = promisify(gzip)
  const brotlied = promisify(brotliCompress)
  let busy = 0
  return async (bytes, encoding) => {
    if (busy >= concurrency) return undefined
    busy++
    try {
      if (encoding === 'gzip') return await gzipped(bytes, { level: 4 })
      // Quality 4 takes about as long as gzip and comes out smaller; the default, 11, takes fifty times as long.
      const params = { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
      return await brotlied(bytes, { params })
    } finally {
      busy--
    }
  }
}
