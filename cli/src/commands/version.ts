import { command } from '../command.ts'
import { version } from '../version.ts'

export const showVersion = command({
  name: 'version',
  summary: 'print the version of the command, and of Node.js',
  examples: [['roadbase version --json', 'For bug reports and scripts']],
  async run({ out }) {
    const found = { roadbase: version(), node: process.versions.node, platform: `${process.platform}-${process.arch}` }
    out.result(found, ({ roadbase, node, platform }) => `roadbase ${roadbase} (Node.js ${node}, ${platform})`)
  },
})
