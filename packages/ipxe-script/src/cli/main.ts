/**
 * The `bootwire-ipxe` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { PROFILES } from '../table/index.ts'
import { buildCommand } from './build.ts'
import { FileError } from './file-error.ts'
import { formatCommand } from './format.ts'
import { lintCommand } from './lint.ts'
import { runCommand } from './run.ts'

const cli: Cli = defineCli({
  name: 'bootwire-ipxe',
  version: packageVersion(import.meta.url),
  summary: 'build, check, format and run iPXE scripts',
  commands: { build: buildCommand, lint: lintCommand, format: formatCommand, run: runCommand },
  notes: `Profiles: ${[...PROFILES.keys()].join(', ')}.`,
  reportOf: (error) => (error instanceof FileError ? { exitCode: 1, form: 'line' } : undefined),
})

/** Runs a command line; gives the exit code: 0 done, 1 findings or failure, 2 wrong usage. */
export const main: (args: readonly string[], host?: object) => Promise<number> = cli.main
