import { Buffer } from 'node:buffer'
import { lookup } from 'node:dns/promises'
import { SocketAddress } from 'node:net'
import { networkInterfaces } from 'node:os'

import type { Endpoint } from '../channels.ts'
import { nameOf } from '../content/answers.ts'
import { TftpError } from '../errors.ts'
import { MAX_BLOCK_BYTES, MAX_WINDOW_BLOCKS, MIN_BLOCK_BYTES } from '../session/negotiate.ts'
import type { Rollover } from '../session/sequence.ts'
import { parseTftpUrl, type TftpUrl } from '../uri.ts'
import type { ClientOptions, Target } from './options.ts'

const REQUEST_RETRIES = 6
const PATIENCE_MS = 60_000
/** More than fit into any patience. */
const MAX_RETRIES = 1000

/** What every transfer of the client needs to know, with the defaults filled in. */
export interface Plan {
  readonly target: Omit<TftpUrl, 'host'>
  readonly server: Endpoint
  readonly blockSize: number
  readonly windowSize: number
  readonly rollover: Rollover
  readonly initialTimeoutMs: number
  /** For the request. */
  readonly requestRetries: number
  /** For what follows. */
  readonly retries: number
  readonly patienceMs: number
  readonly options: ClientOptions
}

const fail = (message: string): never => {
  throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', message)
}

const inRange = (what: string, value: unknown, low: number, high: number): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high)
    return value
  const seen = typeof value === 'number' || typeof value === 'string' ? value : nameOf(value)
  return fail(`${what} ${seen} is outside ${low}–${high}`)
}

const partsOf = (target: string | URL | Target): TftpUrl => {
  if (typeof target === 'string' || target instanceof URL) return parseTftpUrl(target)
  const { host, filename } = target
  if (typeof host !== 'string' || host === '') fail(`the host is ${nameOf(host)}, not a name`)
  if (typeof filename !== 'string') fail(`the file name is ${nameOf(filename)}, not text`)
  const { port = 69, mode = 'octet', rawName = Buffer.from(filename) } = target
  return { host, port, filename, mode, rawName }
}

/** `fe80::1%2` as `fe80::1%eth0`, which is how the system writes it. */
const zoneName = (zone: string): string => {
  const scope = Number(zone)
  const named = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some((one) => one.family === 'IPv6' && one.scopeid === scope),
  )
  return named?.[0] ?? zone
}

/** As the system writes it: `0:0:0:0:0:0:0:1` is `::1`, and answers are compared with it. */
const canonical = (address: string, family: number): string => {
  const [plain = '', zone] = address.split('%')
  const written = new SocketAddress({
    address: plain,
    family: family === 6 ? 'ipv6' : 'ipv4',
  }).address
  return zone === undefined ? written : `${written}%${zoneName(zone)}`
}

/** Looks the host up and checks the options. */
export const planOf = async (
  target: string | URL | Target,
  options: ClientOptions,
): Promise<Plan> => {
  const { host, ...rest } = partsOf(target)
  const { timeoutSeconds, retries, patienceMs, rollover = 0, signal } = options
  inRange('port', rest.port, 1, 65_535)
  if (timeoutSeconds !== undefined) inRange('timeout', timeoutSeconds, 1, 255)
  if (rollover !== 0 && rollover !== 1) fail(`rollover ${nameOf(rollover)} is neither 0 nor 1`)
  const { blockSize = 1468, windowSize = 16, initialTimeoutMs = 1000 } = options
  inRange('block size', blockSize, MIN_BLOCK_BYTES, MAX_BLOCK_BYTES)
  if (retries !== undefined) inRange('retries', retries, 0, MAX_RETRIES)
  signal?.throwIfAborted()
  const { address, family } = await lookup(host, { family: options.family ?? 0 })
  signal?.throwIfAborted()
  return {
    target: rest,
    server: { address: canonical(address, family), port: rest.port },
    blockSize: options.blockSize === undefined && family === 6 ? 1448 : blockSize,
    windowSize: inRange('window size', windowSize, 1, MAX_WINDOW_BLOCKS),
    rollover,
    initialTimeoutMs: inRange('initial time-out', initialTimeoutMs, 1, 2 ** 31 - 1),
    requestRetries: retries ?? REQUEST_RETRIES,
    retries: retries ?? MAX_RETRIES,
    patienceMs: inRange('patience', patienceMs ?? PATIENCE_MS, 1, 2 ** 31 - 1),
    options,
  }
}
