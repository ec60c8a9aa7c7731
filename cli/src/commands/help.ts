import { command, many } from '../command.ts'

export const help = command({
  name: 'help',
  summary: 'tell how a command is used',
  arguments: { command: many('the command, such as apps plan') },
  examples: [
    ['roadbase help', 'All commands'],
    ['roadbase help apps plan', 'One of them'],
  ],
  async run({ out, helpOf }, { command: words }) {
    out.text(helpOf(words))
  },
})
