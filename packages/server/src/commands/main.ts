import { messageOf, ServerError } from '../model/errors.ts'
import { delegate, DELEGATES } from './delegate.ts'

const USAGE = `bootwire COMMAND [options]

  serve       serve network boot beside your DHCP server
  init        write a commented configuration for this host
  check       check a configuration file
  schema      print the JSON Schema of the configuration file
  explain     what a machine would boot, and why
  simulate    walk a whole boot against the running daemon, without a machine
  status      machines seen by the running daemon, where they are, and why
  next        boot a profile at a machine's next boot only
  forget      forget that a machine is installed

  dhcp, tftp, ipxe, squid   commands of the packages below: bootwire tftp get …

bootwire COMMAND --help says more.
`

type Run = (args: readonly string[]) => number | Promise<number>

/** Loaded when asked for: a command that prints a schema need not load an HTTP server. */
const COMMANDS: Readonly<
  Record<string, () => Promise<{ readonly run: Run; readonly usage: string }>>
> = {
  serve: async () => {
    const { serve, SERVE_USAGE } = await import('./serve.ts')
    return { run: serve, usage: SERVE_USAGE }
  },
  check: async () => {
    const { check, CHECK_USAGE } = await import('./check.ts')
    return { run: check, usage: CHECK_USAGE }
  },
  init: async () => {
    const { init, INIT_USAGE } = await import('./init.ts')
    return { run: init, usage: INIT_USAGE }
  },
  explain: async () => {
    const { explainCommand, EXPLAIN_USAGE } = await import('./explain.ts')
    return { run: explainCommand, usage: EXPLAIN_USAGE }
  },
  simulate: async () => {
    const { simulateCommand, SIMULATE_USAGE } = await import('./simulate.ts')
    return { run: simulateCommand, usage: SIMULATE_USAGE }
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

const dispatch = async ([name, ...args]: readonly string[]): Promise<number | undefined> => {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE)
    return name === undefined ? 2 : 0
  }
  if (Object.hasOwn(DELEGATES, name)) {
    await delegate(DELEGATES[name] ?? '', args)
    return undefined
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load)
    throw new ServerError(
      'ERR_SERVER_USAGE',
      `there is no command "${name}"; bootwire --help lists them`,
    )
  const { run, usage } = await load()
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage)
    return 0
  }
  return run(args)
}

const USAGE_ERRORS = new Set(['ERR_SERVER_USAGE', 'ERR_SERVER_CONFIG'])

/** Runs a command line. Resolves with its exit code; undefined: the command of another package sets it itself. */
export const main = async (args: readonly string[]): Promise<number | undefined> => {
  try {
    return await dispatch(args)
  } catch (error) {
    if (!(error instanceof ServerError)) throw error
    const text =
      error.code === 'ERR_SERVER_CONFIG' ? error.message : `bootwire: ${messageOf(error)}`
    process.stderr.write(`${text}\n`)
    return USAGE_ERRORS.has(error.code) ? 2 : 1
  }
}
