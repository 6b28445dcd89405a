import { messageOf, ServerError } from '../model/errors.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { rowWith } from '../seam/registry.ts'
import { delegate, DELEGATES } from './delegate.ts'

const usageOf = (features: readonly FeatureRow[]): string => `bootwire COMMAND [options]

  serve       serve network boot beside your DHCP server
  check       check a configuration file
  schema      print the JSON Schema of the configuration file
  explain     what a machine would boot, and why
  status      machines seen by the running daemon, where they are, and why
  next        boot a profile at a machine's next boot only
  forget      forget that a machine is installed
${features
  .flatMap(({ commands = {} }) => Object.entries(commands))
  .map(([name, summary]) => `  ${name.padEnd(11)} ${summary}\n`)
  .join('')}
  dhcp, tftp, ipxe, squid   commands of the packages below: bootwire tftp get …

bootwire COMMAND --help says more.
`

type Run = (args: readonly string[], features: readonly FeatureRow[]) => number | Promise<number>

interface Command {
  readonly run: Run
  readonly usage: string
}

/** A command of a feature; undefined where none has it. */
const commandOf = async (
  features: readonly FeatureRow[],
  name: string,
): Promise<Command | undefined> =>
  (await rowWith(features, 'commands', name)?.load())?.commands?.[name]

/** Loaded when asked for: a command that prints a schema need not load an HTTP server. */
const COMMANDS: Readonly<Record<string, (features: readonly FeatureRow[]) => Promise<Command>>> = {
  serve: async (features) => {
    const { serve, serveUsage } = await import('./serve.ts')
    return { run: serve, usage: serveUsage(features) }
  },
  check: async () => {
    const { check, CHECK_USAGE } = await import('./check.ts')
    return { run: check, usage: CHECK_USAGE }
  },
  explain: async () => {
    const { explainCommand, EXPLAIN_USAGE } = await import('./explain.ts')
    return { run: explainCommand, usage: EXPLAIN_USAGE }
  },
  status: async () => {
    const { statusCommand, STATUS_USAGE } = await import('./status.ts')
    return { run: statusCommand, usage: STATUS_USAGE }
  },
  next: async () => {
    const { next, NEXT_USAGE } = await import('./machine.ts')
    return { run: next, usage: NEXT_USAGE }
  },
  forget: async () => {
    const { forget, FORGET_USAGE } = await import('./machine.ts')
    return { run: forget, usage: FORGET_USAGE }
  },
  schema: async () => {
    const { schema, SCHEMA_USAGE } = await import('./schema.ts')
    return { run: schema, usage: SCHEMA_USAGE }
  },
}

const dispatch = async (
  [name, ...args]: readonly string[],
  features: readonly FeatureRow[],
): Promise<number | undefined> => {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usageOf(features))
    return name === undefined ? 2 : 0
  }
  if (Object.hasOwn(DELEGATES, name)) {
    await delegate(DELEGATES[name] ?? '', args)
    return undefined
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  const command = load ? await load(features) : await commandOf(features, name)
  if (!command)
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `there is no command "${name}"; bootwire --help lists them`,
    )
  const { run, usage } = command
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage)
    return 0
  }
  return run(args, features)
}

const USAGE_ERRORS = new Set(['ERR_SERVER_USAGE', 'ERR_SERVER_CONFIG'])

/** Runs a command line. Resolves with its exit code; undefined: the command of another package sets it itself. */
export const main = async (
  args: readonly string[],
  features: readonly FeatureRow[],
): Promise<number | undefined> => {
  try {
    return await dispatch(args, features)
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    const text =
      error.code === 'ERR_SERVER_CONFIG' ? error.message : `bootwire: ${messageOf(error)}`
    process.stderr.write(`${text}\n`)
    return USAGE_ERRORS.has(error.code) ? 2 : 1
  }
}
