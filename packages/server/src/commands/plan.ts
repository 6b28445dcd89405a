import { defineCommand, type Command } from '@bootwire-internal/cli'

import { changeFor } from '../boot/reinstalls.ts'
import { openConfigurationFile } from '../load/load.ts'
import { harmless } from '../log/harmless.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { askRecords } from './list.ts'
import { findDaemon, REMOTE_OPTIONS } from './remote.ts'

/** `bootwire plan` */
export const planCommand = (features: readonly FeatureRow[]): Command =>
  defineCommand({
    summary: 'what a changed configuration would mean for machines that are installed',
    description:
      'Names the installed machines whose profile or `once: { id }` another configuration changes, and those that it would install again. Exits 1 where those are more than its server.allowReinstall.',
    positionals: 'FILE',
    options: { json: { summary: 'the same as data' }, ...REMOTE_OPTIONS },
    run: async ({ positionals: [file], options, print, printJson }) => {
      const configuration = await openConfigurationFile(file, { features })
      const records = await askRecords(findDaemon(options))
      const changes = records.flatMap((record) =>
        record.installed ? (changeFor(configuration, record) ?? []) : [],
      )
      const again = changes.filter(({ reinstalls }) => reinstalls).length
      const { allowReinstall } = configuration.server
      if (options.json) printJson({ changes, reinstalls: again, allowReinstall })
      else {
        for (const { machine, was, becomes, reinstalls } of changes) {
          const then = reinstalls ? 'INSTALLED AGAIN' : 'boots its disk all the same'
          print(`${harmless(machine)}: ${harmless(was)} -> ${harmless(becomes)}: ${then}`)
        }
        const installed = records.filter((record) => record.installed).length
        print(
          `${changes.length} of ${installed} installed machines change, ${again} would be installed again (server.allowReinstall: ${allowReinstall})`,
        )
      }
      return again > allowReinstall ? 1 : 0
    },
  })
