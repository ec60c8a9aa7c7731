import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkDocument } from './testing.ts'

const documents: Document[] = ['collections', 'changing-apps'].flatMap((page) => {
  const guide = readFileSync(new URL(`../../../../docs/guides/${page}.md`, import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text) as Partial<Document>)
  return blocks.flatMap(({ app = page, collections, ...rest }) =>
    collections === undefined ? [] : [{ ...rest, app, collections }],
  )
})

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
