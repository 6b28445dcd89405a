import { cliWith } from './commands/main.ts'
import { FEATURES } from './features/index.ts'

/** Runs a command line; gives the exit code: 0 done, 1 failed, 2 wrong usage or configuration. */
export const main: (args: readonly string[], host?: object) => Promise<number> =
  cliWith(FEATURES).main
