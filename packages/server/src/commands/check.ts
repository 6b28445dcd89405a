import { defineCommand, type Command } from '@bootwire-internal/cli'

import { activate } from '../activate.ts'
import { formatIssue } from '../config/format.ts'
import { loadFile } from '../config/load.ts'

/** `bootwire check` */
export const check: Command = defineCommand({
  summary: 'check a configuration file',
  description:
    'Reports every error with file, line and column, and exits 2; or says what the file holds, and exits 0.',
  positionals: 'FILE',
  run: async ({ positionals: [file], print, stderr }) => {
    const loaded = await loadFile(file)
    if (!loaded.ok) {
      stderr.write(`${loaded.issues.map(formatIssue).join('\n')}\n`)
      return 2
    }
    await activate(loaded)
    const { plan, machines, rules } = loaded
    const groups = rules.filter(({ kind }) => kind === 'group').length
    print(
      `${file} is valid: ${Object.keys(plan.profiles).length} profiles, ${machines.length} machines, ${groups} groups`,
    )
    const { after } = plan.unknown
    if (rules.length === 0 && (after === 'local' || after === 'retry'))
      print(
        'it boots nothing: no machine, no group and no unknown.after names a profile; bootwire init FILE writes an example',
      )
    return 0
  },
})
