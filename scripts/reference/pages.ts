import { errorsReference, exitCodesReference } from '../../server/src/errors/reference.ts'
import { settingsReference } from '../../server/src/settings/index.ts'

/** Every file of the repository that is made from the code, and how. `npm run docs` writes them; a test keeps them equal. */
export const generatedPages: readonly { readonly file: string; readonly text: () => string }[] = [
  { file: 'docs/reference/settings.md', text: settingsReference },
  { file: 'docs/reference/errors.md', text: errorsReference },
  { file: 'docs/reference/exit-codes.md', text: exitCodesReference },
]
