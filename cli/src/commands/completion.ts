import { readFileSync } from 'node:fs'
import { command, one } from '../command.ts'

const shells = ['bash', 'zsh', 'fish'] as const

export const completion = command({
  name: 'completion',
  summary: 'print the script that completes roadbase commands in a shell',
  more: 'It completes commands, options and their values, and asks the server for the names of apps and collections.',
  arguments: { shell: one('bash, zsh or fish', shells) },
  examples: [
    ['roadbase completion bash > ~/.local/share/bash-completion/completions/roadbase', 'bash: then open a new shell'],
    ['roadbase completion zsh > ~/.zfunc/_roadbase', 'zsh: with ~/.zfunc in fpath, then open a new shell'],
    ['roadbase completion fish > ~/.config/fish/completions/roadbase.fish', 'fish: works at once'],
  ],
  async run({ out }, { shell }) {
    out.text(readFileSync(new URL(`../completion/roadbase.${shell}`, import.meta.url), 'utf8'))
  },
})
