/**
 * The `bootwire-squid` command as a function.
 *
 * @module
 */
import { defineCli, packageVersion, type Cli } from '@bootwire-internal/cli'

import { SquidRulesError } from '../errors.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { explainCommand } from './explain.ts'
import { generateCommand } from './generate.ts'
import { helperCommand } from './helper.ts'
import { importCommand } from './import.ts'
import { indexCommand } from './index-command.ts'
import { learnCommand } from './learn.ts'
import { lint } from './lint.ts'
import { simulate } from './simulate.ts'

const cli: Cli = defineCli({
  name: 'bootwire-squid',
  version: packageVersion(import.meta.url),
  summary: 'Squid as one cache for all mirrors of a package repository',
  commands: {
    generate: generateCommand,
    explain: explainCommand,
    lint,
    simulate,
    learn: learnCommand,
    doctor,
    import: importCommand,
    index: indexCommand,
    check,
    storeid: helperCommand('storeid', 'the StoreID helper that Squid starts'),
    rewrite: helperCommand('rewrite', 'the url_rewrite helper of mode "pinned"'),
  },
  notes:
    'RULES is a .json file or an .mjs one with a default export; without one, the catalogue is used.\nExit: 0 all is well, 1 something was found or failed, 2 wrong usage.',
  // Errors of a rules file are several lines, each with its place.
  reportOf: (error) =>
    error instanceof SquidRulesError
      ? { exitCode: 1, form: /^\S+:\d+:\d+: /.test(error.message) ? 'whole' : 'line' }
      : undefined,
})

/** Runs a command line of `bootwire-squid` and gives its exit code. */
export const main: (args: readonly string[], host?: object) => Promise<number> = cli.main
