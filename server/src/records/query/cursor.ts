import { createCipheriv, createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto'
import { Problem } from '../../errors/problem.ts'

/** Where a page ended: the sort keys of its last record, as JSON has them. */
export type Position = readonly (string | number | boolean | null)[]

/**
 * Cursors are encrypted, because a sort key may be one that its reader may not see in every record, and bound to
 * the app, the caller and the query, so that one can not be used to probe another's list.
 * AES-256-GCM with a random nonce: 12 bytes nonce, text, 16 bytes tag, as base64url.
 */
export interface Cursors {
  encode(position: Position, binding: string): string
  decode(cursor: string, binding: string, keys: number): Position
}

const NONCE = 12
const TAG = 16

export function createCursors(masterKey: Uint8Array): Cursors {
  const key = new Uint8Array(hkdfSync('sha256', masterKey, '', 'roadbase cursor v1', 32))
  const pool = new NoncePool()
  return {
    encode(position, binding) {
      const nonce = pool.next()
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(Buffer.from(binding))
      const text = cipher.update(JSON.stringify(position), 'utf8')
      return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]).toString('base64url')
    },
    decode(cursor, binding, keys) {
      const position = decrypt(key, cursor, binding)
      if (position.length !== keys) throw foreign()
      return position
    },
  }
}

function decrypt(key: Uint8Array, cursor: string, binding: string): Position {
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes.length <= NONCE + TAG) throw foreign()
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE))
    decipher.setAAD(Buffer.from(binding))
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG))
    const text = decipher.update(bytes.subarray(NONCE, bytes.length - TAG), undefined, 'utf8') + decipher.final('utf8')
    return JSON.parse(text) as Position
  } catch {
    throw foreign()
  }
}

function foreign(): Problem {
  return new Problem(
    'invalid_cursor',
    'The cursor was not made for this list: it belongs to one caller, filter, sort order and collection',
  )
}

/** Asking the operating system for 12 bytes costs more than the encryption; 4 KiB at a time costs next to nothing. */
class NoncePool {
  readonly #bytes = Buffer.alloc(NONCE * 340)
  #offset = this.#bytes.length

  next(): Buffer {
    if (this.#offset === this.#bytes.length) {
      randomFillSync(this.#bytes)
      this.#offset = 0
    }
    this.#offset += NONCE
    return this.#bytes.subarray(this.#offset - NONCE, this.#offset)
  }
}
