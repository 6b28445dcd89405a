import { writeFile } from 'node:fs/promises'

import { defineCommand, UsageError, type Command } from '@bootwire-internal/cli'

import { format, parse } from '../syntax/index.ts'
import { readScript } from './files.ts'

/** `bootwire-ipxe format`: prints the formatted scripts, writes them back, or says which would change. */
export const formatCommand: Command = defineCommand({
  summary: 'print scripts in the house form',
  positionals: 'FILE…',
  options: {
    write: { summary: 'write them back' },
    check: { summary: 'say which would change; exit code 1 where one would' },
  },
  run: async ({ options: { write, check }, positionals, stdin, stdout, stderr }) => {
    if (write && check) throw new UsageError('--write and --check exclude each other')
    let changed = 0
    for (const file of positionals) {
      const { text, encode } = await readScript(file, stdin)
      const formatted = format(parse(text))
      const isSame = formatted === text
      if (!isSame) changed++
      if (check) stderr.write(isSame ? '' : `${file} is not formatted\n`)
      else if (!write || file === '-') stdout.write(encode(formatted))
      else if (!isSame) await writeFile(file, encode(formatted))
    }
    return check && changed > 0 ? 1 : 0
  },
})
