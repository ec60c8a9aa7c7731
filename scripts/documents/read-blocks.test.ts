import { expect, test } from 'vitest'
import { readBlocks } from './read-blocks.ts'

const document = `# Title

\`\`\`sh
npm start
\`\`\`

<!-- not run: it never ends -->
\`\`\`sh
npm run dev
\`\`\`

<!-- a comment for writers -->

<!-- before:
A=1
B="x --> y"
-->
<!-- fails: not_found, forbidden -->
<!-- file: config/apps/x/y.yaml -->

\`\`\`ts
const a = \`b\`

const c = a
\`\`\`

<!-- not run: this belongs to the paragraph -->
A paragraph.

~~~
\`\`\`sh
in a block
\`\`\`
~~~
`

test('blocks have their language, text, line and what comments right before them say', () => {
  expect(readBlocks(document)).toEqual([
    { language: 'sh', text: 'npm start\n', line: 3, directives: {} },
    { language: 'sh', text: 'npm run dev\n', line: 8, directives: { notRun: 'it never ends' } },
    {
      language: 'ts',
      text: 'const a = `b`\n\nconst c = a\n',
      line: 21,
      directives: { before: 'A=1\nB="x --> y"', fails: ['not_found', 'forbidden'], file: 'config/apps/x/y.yaml' },
    },
    { language: '', text: '```sh\nin a block\n```\n', line: 30, directives: {} },
  ])
})

test('a block that does not end is an error', () => {
  expect(() => readBlocks('text\n```sh\nnpm start\n')).toThrow('line 2')
})
