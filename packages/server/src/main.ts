import type { Cli } from '@bootwire-internal/cli'

import { cliWith } from './commands/main.ts'
import { FEATURES } from './features/index.ts'

/** Runs a command line; gives the exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
export const main: Cli['main'] = cliWith(FEATURES).main
