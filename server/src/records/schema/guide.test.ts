import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkDocument } from './testing.ts'

const guide = readFileSync(new URL('../../../../docs/guides/collections.md', import.meta.url), 'utf8')
const documents = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text) as Document)

interface Document {
  readonly app: string
  readonly collections: object
  readonly terms?: Readonly<Record<string, string>>
}

test.each(documents.map((document) => [document.app, document] as const))(
  'the guide’s app %s loads',
  (_app, document) => {
    const terms = Object.entries(document.terms ?? {}).map(([head, source]) => {
      const [, name = '', params = ''] = /^(\w+)\((.*)\)$/.exec(head) ?? []
      return [name, { params: params.split(', '), source }] as const
    })
    expect(checkDocument(document.collections, { terms: Object.fromEntries(terms) }).issues).toEqual([])
  },
)
