import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CHAT = join(import.meta.dirname, 'apps/chat/app.yaml')

/** A folder with the chat app `count` times: as `chat`, which the load knows, and under other names. */
export function writeApps(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true })
  const document = readFileSync(CHAT, 'utf8')
  for (let number = 0; number < count; number++) {
    const slug = number === 0 ? 'chat' : `chat-${number}`
    writeApp(folder, slug, document.replace(/^app: chat$/m, `app: ${slug}`))
  }
  return folder
}

export function writeApp(folder: string, slug: string, document: string): void {
  mkdirSync(join(folder, slug), { recursive: true })
  writeFileSync(join(folder, slug, 'app.yaml'), document)
}

/**
 * An app with many collections, in a state of its own for each `version`: with every one, a collection that is under load
 * gets a field more, and the rule of another one changes.
 */
export function wideDocument(collections: number, version: number): string {
  const parts = Array.from({ length: collections }, (_, number) =>
    wideCollection(number, number === 0 ? version : 0, version),
  )
  return `app: wide\nauth: { signup: open }\ncollections:\n${parts.join('')}`
}

function wideCollection(number: number, moreFields: number, version: number): string {
  const more = Array.from(
    { length: moreFields },
    (_, field) => `        more${field}: { type: string, maxLength: 100 }\n`,
  )
  const rule = number === 1 ? `auth.id != null && record.count != ${-version - 1}` : 'auth.id != null'
  return `  things${number}:
    schema:
      required: [name]
      properties:
        name: { type: string, minLength: 1, maxLength: 200 }
        note: { type: string }
        count: { type: integer, default: 0, minimum: 0 }
        done: { type: boolean, default: false }
        price: { type: number }
        due: { type: string, format: date-time }
        kind: { enum: [small, medium, large], default: small }
        owner: { $ref: users, owner: true, onDelete: cascade }
${more.join('')}    index: [[kind, -createdAt]]
    check: { rule: record.count < 1000000, message: Too many }
    rules:
      read: ${rule}
      create: auth.id != null
      update: record.owner == auth.id
      delete: record.owner == auth.id
`
}
