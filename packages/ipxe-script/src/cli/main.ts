import { parseArgs } from 'node:util'

import { IpxeScriptError } from '../errors.ts'
import { PROFILES } from '../table/index.ts'
import { buildCommand } from './build.ts'
import { formatCommand } from './format.ts'
import { FileError, type Io, UsageError } from './io.ts'
import { lintCommand } from './lint.ts'
import { runCommand } from './run.ts'

const USAGE = `Usage: bootwire-ipxe COMMAND FILE… [OPTION…]

  build FILE     prints the script that a .mjs or .ts module exports
                 --out FILE       writes it there
  lint FILE…     checks scripts; - is standard input
                 --profile NAME   a build it is for (repeat)
                 --ignore RULE    leaves a rule out (repeat)
                 --fix            cures what can be cured
                 --json           findings as JSON
  format FILE…   prints scripts in the house form
                 --write          writes them back
                 --check          says which would change, exit code 1
  run FILE       shows what a machine would do with a script
                 --mac --arch --serial --uuid VALUE, --platform pcbios|efi
                 --profile NAME   the iPXE build
                 --press KEY@TIME presses a key, as b@2s (repeat)
                 --set NAME=VALUE a setting beforehand (repeat)
                 --serve DIR      files of its network, by the paths of their URLs
                 --url URL        where the script came from
                 --json           outcome and trace as JSON

  --help, --version

Profiles: ${[...PROFILES.keys()].join(', ')}
Exit codes: 0 well, 1 findings or failure, 2 wrong usage
`

/** Which options each command takes. */
const OPTIONS_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['build', ['out']],
  ['lint', ['profile', 'ignore', 'fix', 'json']],
  ['format', ['write', 'check']],
  [
    'run',
    [
      'mac',
      'arch',
      'serial',
      'uuid',
      'platform',
      'profile',
      'press',
      'set',
      'serve',
      'url',
      'json',
    ],
  ],
])

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: {
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      out: { type: 'string', short: 'o' },
      profile: { type: 'string', multiple: true, default: [] },
      ignore: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      fix: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      mac: { type: 'string' },
      arch: { type: 'string' },
      serial: { type: 'string' },
      uuid: { type: 'string' },
      platform: { type: 'string' },
      press: { type: 'string', multiple: true, default: [] },
      set: { type: 'string', multiple: true, default: [] },
      serve: { type: 'string' },
      url: { type: 'string' },
    },
  })

const dispatch = async (args: readonly string[], io: Io): Promise<number> => {
  const { values, positionals, tokens } = parse(args)
  const [command, ...files] = positionals
  if (values.version) {
    io.out(`${io.version}\n`)
    return 0
  }
  if (values.help) {
    io.out(USAGE)
    return 0
  }
  const own = OPTIONS_OF.get(command ?? '')
  const foreign = tokens.find((token) => token.kind === 'option' && !own?.includes(token.name))
  if (own && foreign?.kind === 'option') {
    const allowed = own.map((name) => `--${name}`).join(', ')
    throw new UsageError(`${command} has no option ${foreign.rawName}; it has ${allowed}`)
  }
  switch (command) {
    case 'build':
      return buildCommand(files, values, io)
    case 'lint':
      return lintCommand(files, values, io)
    case 'format':
      return formatCommand(files, values, io)
    case 'run':
      return runCommand(files, values, io)
    default:
      throw new UsageError(`command ${command ?? '(none)'} is not build, lint, format or run`)
  }
}

const isParseArgsError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

/** Runs the command; gives its exit code. */
export const main = async (args: readonly string[], io: Io): Promise<number> => {
  try {
    return await dispatch(args, io)
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.err(`bootwire-ipxe: ${error.message}\nTry bootwire-ipxe --help\n`)
      return 2
    }
    if (error instanceof FileError) {
      io.err(`bootwire-ipxe: ${error.message}\n`)
      return 1
    }
    if (error instanceof IpxeScriptError) {
      io.err(`bootwire-ipxe: ${error.message} (${error.code})\n`)
      return 1
    }
    throw error
  }
}
