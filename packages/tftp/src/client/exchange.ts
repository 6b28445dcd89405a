import { createSocket, type Socket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIPv6 } from 'node:net'

import type { Options } from '../codec/request.ts'
import { TftpError } from '../errors.ts'
import { TimerWheel, type Timed } from '../io/wheel.ts'
import { logClient } from '../log.ts'
import { ClientSession, type ClientSessionOptions, type Peer } from '../session/client-session.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_WINDOW_BLOCKS,
  MIN_BLOCK_BYTES,
  type Agreement,
} from '../session/negotiate.ts'
import type { Ending } from '../session/outcome.ts'
import type { Session, Wire } from '../session/session.ts'
import { numericLookup } from '../udp.ts'
import { parseTftpUrl, type TftpUrl } from '../uri.ts'
import type { ClientOptions, ClientRecord, Target } from './options.ts'

const PROGRESS_MS = 100
const RETRIES = 6

/** What every transfer of the client needs to know, with the defaults filled in. */
export interface Plan {
  readonly target: Omit<TftpUrl, 'host'>
  readonly server: Peer
  readonly blockSize: number
  readonly windowSize: number
  readonly retries: number
  readonly options: ClientOptions
}

const inRange = (what: string, value: number, low: number, high: number): number => {
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw new TftpError('ERR_TFTP_INVALID_ARGUMENT', `${what} ${value} is outside ${low}–${high}`)
}

const partsOf = (target: string | URL | Target): TftpUrl => {
  if (typeof target === 'string' || target instanceof URL) return parseTftpUrl(target)
  const { host, port = 69, filename, mode = 'octet', rawName = Buffer.from(filename) } = target
  return { host, port, filename, mode, rawName }
}

/** Looks the host up and checks the options. */
export const planOf = async (
  target: string | URL | Target,
  options: ClientOptions,
): Promise<Plan> => {
  const { host, ...rest } = partsOf(target)
  inRange('port', rest.port, 1, 65_535)
  if (options.timeoutSeconds !== undefined) inRange('timeout', options.timeoutSeconds, 1, 255)
  const blockSize = inRange(
    'block size',
    options.blockSize ?? 1468,
    MIN_BLOCK_BYTES,
    MAX_BLOCK_BYTES,
  )
  const windowSize = inRange('window size', options.windowSize ?? 16, 1, MAX_WINDOW_BLOCKS)
  const retries = inRange('retries', options.retries ?? RETRIES, 0, 100)
  options.signal?.throwIfAborted()
  const { address, family } = await lookup(host, { family: options.family ?? 0 })
  options.signal?.throwIfAborted()
  return {
    target: rest,
    server: { address, port: rest.port },
    blockSize: options.blockSize === undefined && family === 6 ? 1448 : blockSize,
    windowSize,
    retries,
    options,
  }
}

/** The error that stands for an ending that was no success. */
const errorOf = ({ outcome, code, message = '', error }: Ending): Error => {
  if (error) return error
  if (outcome === 'time-out') return new TftpError('ERR_TFTP_TIMEOUT', 'the server does not answer')
  if (outcome === 'client-gone')
    return new TftpError('ERR_TFTP_TIMEOUT', 'nobody listens at this address and port')
  if (code !== undefined && outcome !== 'failed') {
    const text = message === '' ? '' : `: ${message}`
    return new TftpError('ERR_TFTP_REFUSED', `the server answered error ${code}${text}`, {
      remoteCode: code,
    })
  }
  return new TftpError(
    outcome === 'cancelled' ? 'ERR_TFTP_CLOSED' : 'ERR_TFTP_PROTOCOL',
    message || outcome,
  )
}

/** What an {@link Exchange} tells its owner. */
export interface ExchangeEvents {
  begin(agreement: Agreement, wire: Wire): Session
  /** The server said yes. */
  readonly onGranted?: () => void
  /** All is there or stored; what follows is dallying. */
  readonly onComplete: (record: ClientRecord) => void
  readonly onFailed: (error: Error) => void
}

const clock = () => performance.now()

const socketFor = (address: string): Socket =>
  createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', lookup: numericLookup })

/** One transfer of the client: a socket, a timer and a {@link ClientSession}. */
export class Exchange implements Timed {
  readonly #plan: Plan
  readonly #events: ExchangeEvents
  readonly #socket: Socket
  readonly #wheel = new TimerWheel(clock)
  readonly #startedAt = clock()
  readonly #session: ClientSession
  readonly #onAbort = () => this.fail(this.#plan.options.signal?.reason)
  #progressAt = 0
  #granted = false
  #state: 'running' | 'complete' | 'over' = 'running'
  #visitAt = Infinity

  constructor(
    plan: Plan,
    request: ClientSessionOptions['request'],
    size: number | undefined,
    events: ExchangeEvents,
  ) {
    const { server, options, blockSize, windowSize, retries } = plan
    this.#plan = plan
    this.#events = events
    this.#socket = socketFor(server.address)
    this.#session = new ClientSession({
      request,
      offer: { blockSize, windowSize, timeoutSeconds: options.timeoutSeconds, tsize: size },
      server,
      rto: { initialMs: options.initialTimeoutMs ?? 1000 },
      retries,
      send: (datagram, to) => this.#socket.send(datagram, to.port, to.address),
      begin: (agreement, peer) => {
        const session = events.begin(agreement, {
          send: (datagram) => this.#socket.send(datagram, peer.port, peer.address),
        })
        return session
      },
    })
  }

  /** Binds and asks. */
  start(): void {
    const { server, options } = this.#plan
    const socket = this.#socket
    socket.on('message', (datagram, from) => {
      this.#session.receive(datagram, from, clock())
      this.settle()
    })
    socket.on('error', (error) => this.fail(error))
    options.signal?.addEventListener('abort', this.#onAbort, { once: true })
    const address = options.localAddress ?? (isIPv6(server.address) ? '::' : '0.0.0.0')
    socket.bind({ port: 0, address, exclusive: true }, () => {
      if (this.#state === 'over') return
      this.#session.start(clock())
      this.settle()
    })
  }

  get deadline(): number {
    return this.#session.deadline
  }

  get agreed(): { readonly agreement: Agreement; readonly peer: Peer } | undefined {
    const { agreement, peer } = this.#session
    return agreement && peer && { agreement, peer }
  }

  visit(now: number): void {
    this.#session.onTime(now)
    this.#visitAt = Infinity
    const { onProgress } = this.#plan.options
    const { inner, agreement } = this.#session
    if (onProgress && inner && now - this.#progressAt >= PROGRESS_MS) {
      this.#progressAt = now
      onProgress({ bytes: inner.bytes, size: agreement?.announcedBytes })
    }
    this.settle()
  }

  /** Looks at the session after anything has happened to it. */
  settle(): void {
    if (this.#state === 'over') return
    const { ending, inner } = this.#session
    if (inner && !this.#granted) {
      this.#granted = true
      this.#events.onGranted?.()
    }
    const stored = this.#isStored()
    if (this.#state === 'running' && (stored || ending?.outcome === 'done')) this.#complete()
    if (ending) {
      const failed = this.#state === 'running'
      this.#close()
      if (failed) this.#events.onFailed(errorOf(ending))
    } else if (this.deadline < this.#visitAt) {
      this.#visitAt = this.#wheel.watch(this)
    }
  }

  /** A download is complete once it is stored; an upload only when the server has acknowledged its end. */
  #isStored(): boolean {
    return this.#session.inner?.isStored ?? false
  }

  #complete(): void {
    this.#state = 'complete'
    // Dallying keeps no process alive.
    this.#socket.unref()
    this.#wheel.unref()
    const { inner, agreement, peer } = this.#session
    const { target, server } = this.#plan
    const options: Options = agreement?.options ?? {}
    this.#events.onComplete({
      remote: peer ?? server,
      file: target.filename,
      mode: target.mode,
      options: { ...options },
      blockSize: agreement?.blockSize ?? 0,
      windowSize: agreement?.windowSize ?? 0,
      bytes: inner?.bytes ?? 0,
      blocks: inner?.blocks ?? 0,
      resends: inner?.resends ?? 0,
      durationMs: clock() - this.#startedAt,
    })
  }

  /** Ends it from this side, with whatever was thrown. */
  fail(reason: unknown): void {
    if (this.#state === 'over') return
    const error =
      reason instanceof Error
        ? reason
        : new TftpError('ERR_TFTP_CLOSED', 'the transfer was given up')
    logClient('%s: %o', this.#plan.target.filename, error)
    this.#session.stop({ outcome: 'cancelled', code: 0, message: 'closed', error })
    this.settle()
  }

  #close(): void {
    this.#state = 'over'
    this.#wheel.forget(this)
    this.#plan.options.signal?.removeEventListener('abort', this.#onAbort)
    this.#socket.close()
  }
}
