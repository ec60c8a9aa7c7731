import { parseYaml } from '../source/parse-yaml.ts'
import type { AppSource } from '../source/read-app.ts'
import type { StoredDocument } from './sql.ts'

/**
 * The version applied last, as something to load. Every JSON text is YAML too, so what is wrong with it
 * (in the eyes of a newer server) is told with a line and an excerpt, as for a file.
 */
export function storedApp(slug: string, { version, document, digest }: StoredDocument): AppSource {
  const file = parseYaml({ name: `${slug}@${version}`, text: JSON.stringify(document, null, 2) })
  return { name: slug, files: [file], issues: file.issues, complete: file.tree !== undefined, fingerprint: digest }
}
