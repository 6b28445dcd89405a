/**
 * The `bootwire-squid` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { COMMANDS } from './commands.ts'

const cli: Cli = defineCli({
  name: 'bootwire-squid',
  version: packageVersion(import.meta.url),
  summary: 'StoreID rules for Squid: write, explain, check and run them',
  commands: COMMANDS,
  notes:
    'RULES is a .json file or an .mjs one with a default export; without one, the whole catalogue is used.',
})

/** Runs a command line; gives the exit code: 0 all is well, 1 something was found or failed, 2 wrong usage. */
export const main: Cli['main'] = cli.main
