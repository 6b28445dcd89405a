import { statSync } from 'node:fs'

import {
  defineCommand,
  portNumber,
  UsageError,
  wholeNumber,
  type Context,
  type Options,
  type Command,
} from '@bootwire-internal/cli'

import type { TransferRecord } from '../channels.ts'
import { TftpError } from '../errors.ts'
import { createTftpServer } from '../server/create-server.ts'
import { directory, type WritePolicy } from '../server/directory.ts'
import type { ListenOptions, TftpServerSettings } from '../server/options.ts'
import { readable } from './progress.ts'

/** Names come from the network: control characters must not reach a terminal. */
const shown = (name: string): string => JSON.stringify(name)

const lineOf = ({
  outcome,
  operation,
  peer,
  file,
  bytes,
  durationMs,
  resends,
  errorMessage,
}: TransferRecord): string => {
  const why = errorMessage ? `: ${shown(errorMessage)}` : ''
  const how = `${readable(bytes)} in ${(durationMs / 1000).toFixed(2)} s, ${resends} resent`
  return `${outcome} ${operation} ${shown(file)} ${peer.address}:${peer.port} ${how}${why}\n`
}

const folderOf = (root: string): string => {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return root
  throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', `${root} is no folder; serve takes one`)
}

/** What to do about a port that cannot be had, where the system's own words do not say it. */
const adviceOn = (error: unknown): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const advice =
    code === 'EADDRINUSE'
      ? 'another program has this port; stop it, or choose --host or --port'
      : code === 'EACCES'
        ? 'ports below 1024 need root or cap_net_bind_service; or choose --port'
        : undefined
  if (advice === undefined || !(error instanceof Error)) return error
  return new TftpError('ERR_TFTP_NO_SOCKET', `${error.message}: ${advice}`, { cause: error })
}

const readPorts = (text: string): { readonly from: number; readonly to: number } => {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []
  if (from && to) return { from: Number(from), to: Number(to) }
  throw new UsageError('is no range such as 50000-50099')
}

const readWritePolicy = (text: string): WritePolicy => {
  const words = text.split(',')
  if (words.every((word) => word === 'create' || word === 'overwrite'))
    return { create: words.includes('create'), overwrite: words.includes('overwrite') }
  throw new UsageError('is none of create, overwrite, create,overwrite')
}

const OPTIONS = {
  port: { value: 'PORT', summary: 'default: 69; 0 takes any', read: portNumber },
  host: {
    value: 'ADDRESS',
    summary: 'listen here; default: every address of this machine',
    multiple: true,
  },
  'single-port': { summary: 'answer from the listening port (containers, NAT)' },
  ports: { value: 'FROM-TO', summary: 'answer from one of these ports', read: readPorts },
  mtu: { value: 'BYTES', summary: 'default: 1500', read: wholeNumber(68, 65_535, 'bytes') },
  'ignore-case': { summary: 'upper and lower case are equal' },
  write: {
    value: 'WHAT',
    summary: 'take files: create, overwrite, or create,overwrite',
    read: readWritePolicy,
  },
  json: { summary: 'one record per line on stdout' },
} as const satisfies Options

type Values = Context<typeof OPTIONS>['options']

const settingsFrom = (values: Values): TftpServerSettings => {
  const { 'single-port': singlePort, ports, mtu } = values
  if (singlePort && ports) throw new UsageError('--single-port and --ports exclude each other')
  const transferPorts = singlePort ? 'single' : ports
  return { ...(transferPorts && { transferPorts }), ...(mtu !== undefined && { mtu }) }
}

const listenOptionsFrom = (
  { port, host }: Values,
  { LISTEN_FDS }: Context['environment'],
): ListenOptions => ({
  ...(port !== undefined && { port }),
  ...(host.length > 0 && { host: [...host] }),
  ...(LISTEN_FDS && { fd: 'systemd' }),
})

/** `bootwire-tftp serve`: serves until it is told to stop; then lets transfers end. */
export const serveCommand: Command = defineCommand({
  summary: 'serve a folder, read-only (default: the current one)',
  positionals: '[DIR]',
  options: OPTIONS,
  run: async (context) => {
    const { options, stdout, stderr, signal } = context
    const { write, json, 'ignore-case': ignoreCase } = options
    const [root = '.'] = context.positionals
    const handlers = directory({ root: folderOf(root), ignoreCase, ...(write && { write }) })
    const server = createTftpServer({
      ...settingsFrom(options),
      ...handlers,
      onTransfer: (record) => stdout.write(json ? `${JSON.stringify(record)}\n` : lineOf(record)),
    })
    const listening = server.listen(listenOptionsFrom(options, context.environment))
    const { addresses, port } = await listening.catch((error: unknown) => {
      throw adviceOn(error)
    })
    const where = addresses.map((address) => shownAddress(address, port)).join(', ')
    stderr.write(`serving ${root} on ${where}\n`)
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await server.close()
  },
})

const shownAddress = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
