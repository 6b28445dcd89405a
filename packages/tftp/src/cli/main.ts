import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import type { ClientOptions } from '../client/options.ts'
import { TftpError } from '../errors.ts'
import type { WritePolicy } from '../server/directory.ts'
import type { TftpServerSettings } from '../server/options.ts'
import { runConformance } from './conformance.ts'
import { runServe } from './serve.ts'
import { runGet, runPut, type Streams } from './transfer.ts'
import { USAGE } from './usage.ts'

const OPTIONS = {
  'block-size': { type: 'string' },
  window: { type: 'string' },
  timeout: { type: 'string' },
  retries: { type: 'string' },
  quiet: { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string', multiple: true },
  'single-port': { type: 'boolean' },
  ports: { type: 'string' },
  mtu: { type: 'string' },
  'ignore-case': { type: 'boolean' },
  write: { type: 'string' },
  json: { type: 'boolean' },
  file: { type: 'string' },
  only: { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS })
type Values = ReturnType<typeof parse>['values']

/** The user's mistake: exit code 2. */
class UsageError extends Error {}

const number = (name: string, text: string): number => {
  if (/^\d+$/.test(text)) return Number(text)
  throw new UsageError(`--${name} ${text} is no whole number`)
}

const clientOptions = (values: Values, signal: AbortSignal): ClientOptions => ({
  signal,
  ...(values['block-size'] ? { blockSize: number('block-size', values['block-size']) } : {}),
  ...(values.window ? { windowSize: number('window', values.window) } : {}),
  ...(values.timeout ? { timeoutSeconds: number('timeout', values.timeout) } : {}),
  ...(values.retries ? { retries: number('retries', values.retries) } : {}),
})

const portsOf = (values: Values): TftpServerSettings => {
  if (values['single-port']) return { transferPorts: 'single' }
  if (!values.ports) return {}
  const [, from, to] = /^(\d+)-(\d+)$/.exec(values.ports) ?? []
  if (!from || !to) throw new UsageError(`--ports ${values.ports} is no range such as 50000-50099`)
  return { transferPorts: { from: Number(from), to: Number(to) } }
}

const writePolicy = (text: string | undefined): WritePolicy | undefined => {
  if (text === undefined) return undefined
  const words = text.split(',')
  if (words.some((word) => word !== 'create' && word !== 'overwrite')) {
    throw new UsageError(`--write ${text} is none of create, overwrite, create,overwrite`)
  }
  return { create: words.includes('create'), overwrite: words.includes('overwrite') }
}

const serve = (
  streams: Streams,
  values: Values,
  root: string,
  signal: AbortSignal,
): Promise<void> =>
  runServe(
    streams,
    {
      root,
      settings: { ...portsOf(values), ...(values.mtu ? { mtu: number('mtu', values.mtu) } : {}) },
      listen: {
        ...(values.port ? { port: number('port', values.port) } : {}),
        ...(values.host ? { host: values.host } : {}),
        ...(process.env['LISTEN_FDS'] ? { fd: 'systemd' } : {}),
      },
      ignoreCase: values['ignore-case'] ?? false,
      write: writePolicy(values.write),
      json: values.json ?? false,
    },
    signal,
  )

const versionOf = (): string => {
  // The manifest lies one folder above the sources as well as above the build.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
        return String(manifest.version)
    } catch {
      // It is at the other place.
    }
  }
  return 'unknown'
}

const dispatch = async (
  argv: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<number> => {
  const { values, positionals } = parse(argv)
  const [command, first, second, ...rest] = positionals
  const quiet = values.quiet ? { ...streams, stderr: { write: () => true } } : streams
  if (values.version) {
    streams.stdout.write(`${versionOf()}\n`)
  } else if (values.help) {
    streams.stdout.write(USAGE)
  } else if (rest.length > 0) {
    throw new UsageError(`too many words: ${rest.join(' ')}`)
  } else if (command === 'get' && first) {
    await runGet(quiet, first, second, clientOptions(values, signal))
  } else if (command === 'put' && first && second) {
    await runPut(quiet, first, second, clientOptions(values, signal))
  } else if (command === 'serve' && !second) {
    await serve(streams, values, first ?? '.', signal)
  } else if (command === 'conformance' && first) {
    const port = number('port', second ?? '69')
    const { file = 'conformance.bin' } = values
    const only = values.only?.split(',') ?? []
    const fine = await runConformance(
      streams,
      { host: first, port, file, only },
      values.json ?? false,
    )
    return fine ? 0 : 1
  } else {
    throw new UsageError(
      command ? `"${positionals.join(' ')}" is no command` : 'a command is missing',
    )
  }
  return 0
}

const isUsage = (error: unknown): boolean =>
  error instanceof UsageError ||
  (error instanceof TftpError &&
    (error.code === 'ERR_TFTP_INVALID_ARGUMENT' || error.code === 'ERR_TFTP_INVALID_URL')) ||
  (error instanceof TypeError &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS_'))

/** Runs a command line; answers the exit code: 0 done, 1 failed, 2 wrong usage. */
export const main = async (
  argv: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<number> => {
  try {
    return await dispatch(argv, streams, signal)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    streams.stderr.write(`bootwire-tftp: ${message}\n`)
    if (!isUsage(error)) return 1
    streams.stderr.write('bootwire-tftp --help tells more\n')
    return 2
  }
}
