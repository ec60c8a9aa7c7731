import { buildProgram, child } from '../build-program.ts'
import { CliError } from '../cli-error.ts'
import { command, many } from '../command.ts'
import { orNearest } from '../input/nearest.ts'

export const help = command({
  name: 'help',
  summary: 'tell how a command is used',
  arguments: { command: many('the command, such as `apps plan`') },
  examples: [
    ['roadbase help', 'All commands'],
    ['roadbase help apps plan', 'One of them'],
  ],
  async run({ io }, { command: words }) {
    let found = buildProgram(io, () => {})
    for (const word of words) {
      const names = found.commands.map((one) => one.name())
      if (!names.includes(word)) {
        throw new CliError('usage', `There is no command '${words.join(' ')}'.${orNearest(word, names)}`, {
          fixes: ['roadbase help'],
        })
      }
      found = child(found, word)
    }
    found.outputHelp()
  },
})
