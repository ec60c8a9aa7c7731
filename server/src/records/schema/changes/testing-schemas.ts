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
  for (const line of dump.split('\n')) {
    if (/^(unlogged )?table /.test(line)) table = line
    else if (line === ');') table = ''
    lines.push(table === '' || table === line ? line : `${table}${line.replace(/,$/, '')}`)
  }
  const shown = withHidden ? lines : lines.filter((line) => !HIDDEN.test(line))
  return shown.filter((line) => line.trim() !== '' && line !== ');' && !line.startsWith('-- ')).sort()
}

const HIDDEN = /__(hidden|former)_\d+/
