import { messageOf, ServerError } from './errors.ts'

const USAGE = `bootwire COMMAND [options]

  serve       serve network boot beside your DHCP server
  check       check a configuration file
  schema      print the JSON Schema of the configuration file

bootwire COMMAND --help says more.
`

type Run = (args: readonly string[]) => number | Promise<number>

/** Loaded when asked for: a command that prints a schema need not load an HTTP server. */
const COMMANDS: Readonly<
  Record<string, () => Promise<{ readonly run: Run; readonly usage: string }>>
> = {
  serve: async () => {
    const { serve, SERVE_USAGE } = await import('./commands/serve.ts')
    return { run: serve, usage: SERVE_USAGE }
  },
  check: async () => {
    const { check, CHECK_USAGE } = await import('./commands/check.ts')
    return { run: check, usage: CHECK_USAGE }
  },
  schema: async () => {
    const { schema, SCHEMA_USAGE } = await import('./commands/schema.ts')
    return { run: schema, usage: SCHEMA_USAGE }
  },
}

const main = async ([name, ...args]: readonly string[]): Promise<number> => {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(USAGE)
    return name === undefined ? 2 : 0
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

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof ServerError)) throw error
  const text = error.code === 'ERR_SERVER_CONFIG' ? error.message : `bootwire: ${messageOf(error)}`
  process.stderr.write(`${text}\n`)
  process.exitCode = USAGE_ERRORS.has(error.code) ? 2 : 1
}
