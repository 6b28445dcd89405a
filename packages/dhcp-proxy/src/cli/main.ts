/**
 * The `bootwire-dhcp` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { probeCommand } from './probe.ts'

const cli: Cli = defineCli({
  name: 'bootwire-dhcp',
  version: packageVersion(import.meta.url),
  summary: 'what network boot clients meet in this network',
  commands: { probe: probeCommand },
})

/** Runs a command line; gives the exit code: 0 done, 1 failed, 2 wrong usage. */
export const main: Cli['main'] = cli.main
