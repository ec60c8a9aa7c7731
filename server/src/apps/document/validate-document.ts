import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Issue } from '../section.ts'
import { type Described, documentSchema } from './document-schema.ts'
import { explainErrors } from './explain-errors.ts'

interface Faults {
  readonly issues: readonly Issue[]
  /** The raw errors of ajv behind the issues. */
  readonly errors: readonly ErrorObject[]
}

/** Checks raw documents against the JSON Schema made of the sections. Compiled once. */
export type DocumentValidator = (document: unknown) => Faults

export function documentValidator(sections: readonly Described[]): DocumentValidator {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
  })
  // Annotations that editors read; `errorMessage` is also ours.
  for (const keyword of ['markdownDescription', 'errorMessage', 'defaultSnippets']) ajv.addKeyword({ keyword })
  const validate = ajv.compile(documentSchema(sections))
  return (document) => {
    if (validate(document)) return { issues: [], errors: [] }
    const errors = validate.errors ?? []
    return { issues: explainErrors(errors), errors }
  }
}
