import { expect, test } from 'vitest'
import { catalogue } from '../../server/src/errors/catalogue.ts'

test("the SDK's codes are those of the server's catalogue", async () => {
  const codes = Object.keys(catalogue).map((code) => `  | '${code}'`)
  const source = [
    "// Written by error-codes.test.ts from the server's catalogue; `npx vitest run sdk -u` writes it anew.",
    '',
    '/** Every code with which the server answers. */',
    'export type ServerErrorCode =',
    ...codes,
    '',
  ]
  await expect(source.join('\n')).toMatchFileSnapshot('./error-codes.ts')
})
