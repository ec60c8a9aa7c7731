import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const NONCE = 12
const TAG = 16

export interface Seal {
  /** Encrypts; `name` says what the secret belongs to, and must be the same to open it. */
  close(secret: Buffer, name: string): Buffer
  /** `undefined` when it was made with another key, for another name, or was changed since. */
  open(sealed: Buffer, name: string): Buffer | undefined
}

/**
 * Keeps secrets that lie in the database: AES-256-GCM with a key derived (HKDF) from the server's master key for one purpose.
 * A copy of the database alone then opens nothing, and the name bound to each secret keeps rows from being swapped.
 */
export function createSeal(masterKey: Buffer, purpose: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32))
  return {
    close(secret, name) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed, name) {
      if (sealed.length < NONCE + TAG) return undefined
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(sealed.length - TAG))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE, sealed.length - TAG)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
