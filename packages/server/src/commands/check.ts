import { defineCommand, type Command } from '@bootwire-internal/cli'

import { formatIssue } from '../config/format.ts'
import { activate, loadFile } from '../load/load.ts'
import type { FeatureRow } from '../seam/feature.ts'

/** `bootwire check` */
export const checkCommand = (features: readonly FeatureRow[]): Command =>
  defineCommand({
    summary: 'check a configuration file',
    description:
      'Reports every error with file, line and column, and exits 2; or warns of what does not work for every machine, says what the file holds, and exits 0.',
    positionals: 'FILE',
    run: async ({ positionals: [file], print, stderr }) => {
      const loaded = await loadFile(file, { features })
      if (!loaded.ok) {
        stderr.write(`${loaded.issues.map(formatIssue).join('\n')}\n`)
        return 2
      }
      await activate(loaded)
      const { plan, machines, rules, notes } = loaded
      for (const note of notes) stderr.write(`${formatIssue(note)} [warning]\n`)
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
