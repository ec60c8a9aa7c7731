import { expect, test } from 'vitest'
import { typeChangesPage } from './type-changes-page.ts'

test('docs/reference/type-changes.md is what the loader goes by (`npx vitest run -u` writes it)', async () => {
  await expect(typeChangesPage()).toMatchFileSnapshot('../../../../../docs/reference/type-changes.md')
})
