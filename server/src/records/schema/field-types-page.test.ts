import { expect, test } from 'vitest'
import { fieldTypesPage } from './field-types-page.ts'

test('docs/reference/field-types.md is what the tables of the code say (`npx vitest run -u` writes it)', async () => {
  await expect(fieldTypesPage()).toMatchFileSnapshot('../../../../docs/reference/field-types.md')
})
