import { type ParsedFile, parseYaml } from '../source/parse-yaml.ts'
import { type AppSource, SEED_FILE } from '../source/read-app.ts'
import type { StoredDocument } from './sql.ts'

type Stored = Pick<StoredDocument, 'version' | 'document' | 'seed' | 'digest'>

/**
 * A version of the database, as something to load. Every JSON text is YAML too, so what is wrong with it
 * (in the eyes of a newer server) is told with a line and an excerpt, as for a file.
 */
export function storedApp(slug: string, { version, document, seed, digest }: Stored): AppSource {
  const file = parse(`${slug}@${version}`, document)
  return {
    name: slug,
    files: [file],
    seed: seed === undefined ? undefined : parse(`${slug}@${version}/${SEED_FILE}`, seed),
    issues: file.issues,
    complete: file.tree !== undefined,
    fingerprint: digest,
  }
}

function parse(name: string, value: unknown): ParsedFile {
  return parseYaml({ name, text: JSON.stringify(value, null, 2) })
}
