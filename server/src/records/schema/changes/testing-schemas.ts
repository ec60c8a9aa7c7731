import type { Sql } from '../../../db/database.ts'
import { dumpSchema } from '../../../db/dump-schema.ts'

/**
 * Everything in an app's schema as lines that do not tell its name, nor in which order columns were added. Without what lies hidden,
 * unless that is asked for.
 */
export async function schemaLines(sql: Sql, schema: string, withHidden = false): Promise<readonly string[]> {
  const dump = (await dumpSchema(sql, schema)).replaceAll(schema, 'app').replaceAll(`'${schema.slice(4)}'`, `'app'`)
  const lines: string[] = []
  let table = ''
  let begun = ''
  for (const line of dump.split('\n')) {
    if (line.trim() === '' || line.startsWith('-- ')) continue
    if (/^(unlogged )?table .* \($/.test(line)) table = line
    else if (line === ');' && table !== '') table = ''
    else if (table !== '') lines.push(`${table}${line.replace(/,$/, '')}`)
    else if (line.endsWith(';') || / to [^ ]+$/.test(line)) {
      lines.push(`${begun}${line}`)
      begun = ''
    }
    // The rest of a definition that takes several lines.
    else begun += `${line} `
  }
  const shown = withHidden ? lines : lines.filter((line) => !HIDDEN.test(line))
  return shown.toSorted()
}

const HIDDEN = /__(hidden|former)_\d+/
