import { SquidRulesError } from '../errors.ts'
import { COMMANDS } from './commands.ts'
import { UsageError } from './usage.ts'

const HELP = `bootwire-squid COMMAND ...

${Object.entries(COMMANDS)
  .map(([name, { usage, what }]) => `  ${`${name} ${usage}`.padEnd(44)} ${what}`)
  .join('\n')}

RULES is a .json file or an .mjs one with a default export; without one, the whole catalogue is used.
--json prints data instead of words. Exit: 0 all is well, 1 something was found or failed, 2 wrong usage.
`

/**
 * Runs one command of `bootwire-squid`.
 * @returns the exit code
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === '-h' || rest.includes('--help')) {
    process.stdout.write(HELP)
    return 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    process.stderr.write(`bootwire-squid: unknown command "${name}"\n\n${HELP}`)
    return 2
  }
  try {
    return await command.run(rest)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(`bootwire-squid ${name}: ${error.message}\n`)
    if (
      error instanceof UsageError ||
      ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    )
      return 2
    if (error instanceof SquidRulesError || 'code' in error) return 1
    throw error
  }
}
