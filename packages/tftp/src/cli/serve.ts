import { randomUUID } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
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

import { CHANNELS, type DatagramDrop, type TransferRecord } from '../channels.ts'
import { TftpError } from '../errors.ts'
import { createTftpServer } from '../server/create-server.ts'
import type { WritePolicy } from '../server/directory.ts'
import type { RemapRule } from '../server/names.ts'
import type { ListenOptions, TftpServerSettings } from '../server/options.ts'
import { OPTION_NAMES, type OptionName } from '../session/negotiate.ts'
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
  error,
}: TransferRecord): string => {
  const told = errorMessage ? `: ${shown(errorMessage)}` : ''
  const why = error ? `${told} (${error.message})` : told
  const how = `${readable(bytes)} in ${(durationMs / 1000).toFixed(2)} s, ${resends} resent`
  return `${outcome} ${operation} ${shown(file)} ${peer.address}:${peer.port} ${how}${why}\n`
}

/** Repeated requests are the client's business, and a stray datagram is nobody's. */
const QUIET_DROPS: readonly string[] = ['repeated', 'not-a-request']

const dropLineOf = ({ peer, reason, detail }: DatagramDrop): string =>
  `dropped a request of ${peer.address}:${peer.port}: ${reason}${detail ? `, ${detail}` : ''}\n`

/** Tells of each dropped request of this server until the function that it gives is called. */
const watchDrops = (instance: string, tell: (drop: DatagramDrop) => void): (() => void) => {
  const onDrop = (message: unknown): void => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the channel's documented shape
    const drop = message as DatagramDrop
    if (drop.instance === instance && !QUIET_DROPS.includes(drop.reason)) tell(drop)
  }
  subscribe(CHANNELS.drop, onDrop)
  return () => void unsubscribe(CHANNELS.drop, onDrop)
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

const isOptionName = (word: string): word is OptionName => {
  const names: readonly string[] = OPTION_NAMES
  return names.includes(word)
}

const readOptionNames = (text: string): readonly OptionName[] => {
  const words = text.split(',')
  if (words.every(isOptionName)) return words
  throw new UsageError(`is no list out of ${OPTION_NAMES.join(', ')}`)
}

const readRule = (text: string): RemapRule => {
  const [from, to, ...more] = text.split('=')
  if (from && to !== undefined && more.length === 0) return { from, to }
  throw new UsageError('is no NAME=NEWNAME')
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
  mtu: {
    value: 'BYTES',
    summary: 'largest packet; default: that of the interface that is asked',
    read: wholeNumber(68, 65_536, 'bytes'),
  },
  'max-block-size': {
    value: 'BYTES',
    summary: 'largest block; default: what fits the packet',
    read: wholeNumber(8, 65_464, 'bytes'),
  },
  'max-window': {
    value: 'BLOCKS',
    summary: 'largest window; default: 64',
    read: wholeNumber(1, 32_767, 'blocks'),
  },
  refuse: {
    value: 'OPTIONS',
    summary: `leave these unanswered, separated by commas: ${OPTION_NAMES.join(', ')}`,
    read: readOptionNames,
  },
  rollover: { choices: ['0', '1'], summary: 'the number after block 65535; default: 0' },
  'min-timeout': {
    value: 'MS',
    summary: 'wait at least this long before sending again; default: 20',
    read: wholeNumber(5, 60_000, 'ms'),
  },
  remap: {
    value: 'NAME=NEWNAME',
    summary: 'serve a name by another file',
    read: readRule,
    multiple: true,
  },
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
  const { 'single-port': singlePort, ports, mtu, rollover } = values
  if (singlePort && ports) throw new UsageError('--single-port and --ports exclude each other')
  const transferPorts = singlePort ? 'single' : ports
  return {
    transferPorts,
    mtu,
    maxBlockSize: values['max-block-size'],
    maxWindowSize: values['max-window'],
    refuseOptions: values.refuse,
    rollover: rollover === undefined ? undefined : rollover === '1' ? 1 : 0,
    minTimeoutMs: values['min-timeout'],
  }
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
    const { write, json, remap, 'ignore-case': ignoreCase } = options
    const instance = randomUUID()
    const [root = '.'] = context.positionals
    const server = createTftpServer({
      ...settingsFrom(options),
      root: folderOf(root),
      ignoreCase,
      remap,
      write,
      instance,
      onTransfer: (record) => stdout.write(json ? `${JSON.stringify(record)}\n` : lineOf(record)),
    })
    const listening = server.listen(listenOptionsFrom(options, context.environment))
    const { addresses, port } = await listening.catch((error: unknown) => {
      throw adviceOn(error)
    })
    const stopWatching = watchDrops(instance, (drop) =>
      json ? stdout.write(`${JSON.stringify(drop)}\n`) : stderr.write(dropLineOf(drop)),
    )
    const where = addresses.map((address) => shownAddress(address, port)).join(', ')
    stderr.write(`serving ${root} on ${where}\n`)
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await server.close()
    stopWatching()
  },
})

const shownAddress = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
