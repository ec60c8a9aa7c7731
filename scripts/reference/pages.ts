import { cliReference } from '../../cli/src/reference.ts'
import { documentReference, documentSchema, errorsSection, termsSection } from '../../server/src/apps/index.ts'
import { authSection } from '../../server/src/auth/section.ts'
import { errorsReference, exitCodesReference } from '../../server/src/errors/reference.ts'
import { corsSection } from '../../server/src/http/cors-section.ts'
import { collectionKeys } from '../../server/src/records/schema/collection-keys.ts'
import { seedSchema } from '../../server/src/records/seed/seed-schema.ts'
import { settingKeys } from '../../server/src/records/settings/setting-keys.ts'
import { settingsReference } from '../../server/src/settings/index.ts'

/** The parts of an app document, in the order in which they are described. */
const sections = [
  termsSection,
  errorsSection,
  authSection,
  corsSection([]),
  { keys: settingKeys },
  { keys: collectionKeys },
]

/** Every file of the repository that is made from the code, and how. `npm run docs` writes them; a test keeps them equal. */
export const generatedPages: readonly { readonly file: string; readonly text: () => string }[] = [
  { file: 'docs/reference/settings.md', text: settingsReference },
  { file: 'docs/reference/errors.md', text: errorsReference },
  { file: 'docs/reference/exit-codes.md', text: exitCodesReference },
  { file: 'docs/reference/cli.md', text: cliReference },
  { file: 'docs/reference/app-document.md', text: () => documentReference(sections) },
  { file: 'config/app.schema.json', text: () => `${JSON.stringify(documentSchema(sections), null, 2)}\n` },
  { file: 'config/seed.schema.json', text: () => `${JSON.stringify(seedSchema(), null, 2)}\n` },
]
