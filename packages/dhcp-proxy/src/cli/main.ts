import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { probeCommand } from './probe.ts'

const cli: Cli = defineCli({
  name: 'bootwire-dhcp',
  version: packageVersion(import.meta.url),
  summary: 'what a network offers to machines that boot from it',
  commands: { probe: probeCommand },
})

/** Runs `bootwire-dhcp` and gives its exit code. */
export const main: (args: readonly string[], host?: object) => Promise<number> = cli.main
