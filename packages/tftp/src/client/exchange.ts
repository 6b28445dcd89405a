import type { Endpoint } from '../channels.ts'
import { TftpError } from '../errors.ts'
import { every } from '../every.ts'
import { logClient } from '../log.ts'
import { ClientSession, type ClientSessionOptions } from '../session/client-session.ts'
import { Driver } from '../session/driver.ts'
import type { Negotiated } from '../session/negotiate.ts'
import { errorOf, type TransferEnd } from '../session/outcome.ts'
import type { TransferSession, Wire } from '../session/session.ts'
import { TimerWheel } from '../session/timer-wheel.ts'
import type { ClientRecord } from './options.ts'
import type { Plan } from './plan.ts'
import { openSockets, type ClientSockets } from './sockets.ts'

const PROGRESS_MS = 100
/** Between two requests: RFC 1123 section 4.2.3.2 wants back-off, whoever waits wants an answer. */
const MAX_WAIT_MS = 5000

/** What an {@link Exchange} tells its owner. */
export interface ExchangeEvents {
  /** The server said yes; `onChange` is for a session that moves by itself. */
  begin(negotiated: Negotiated, wire: Wire, onChange: () => void): TransferSession
  /** The server said yes, and the session that moves the file is there. */
  readonly onGranted?: (negotiated: Negotiated, peer: Endpoint) => void
  /** All is there or stored; what follows is dallying. */
  readonly onComplete: (record: ClientRecord) => void
  readonly onFailed: (error: Error) => void
}

/** On the client's side. */
export const clock = (): number => performance.now()

/** One transfer of the client: its sockets, a timer and a {@link ClientSession}. */
export class Exchange {
  readonly #plan: Plan
  readonly #events: ExchangeEvents
  readonly #sockets: ClientSockets
  readonly #wheel = new TimerWheel(clock, every)
  readonly #startedAt = clock()
  readonly #driver: Driver<ClientSession>
  readonly #onAbort = () => this.fail(this.#plan.options.signal?.reason)
  #granted = false
  #complete = false

  /** @throws where no socket can be had */
  constructor(
    plan: Plan,
    request: ClientSessionOptions['request'],
    size: number | undefined,
    events: ExchangeEvents,
  ) {
    const { server, options, blockSize, windowSize } = plan
    const { timeoutSeconds, anyAddress = false, onProgress } = options
    this.#plan = plan
    this.#events = events
    this.#sockets = openSockets(server, options.localAddress, {
      onDatagram: (datagram, from) => {
        this.#driver.receive(datagram, from)
        this.#look()
      },
      onGone: () => this.#driver.stop({ outcome: 'client-gone' }),
      onTooLong: () => this.#driver.lost(),
    })
    this.#driver = new Driver<ClientSession>({
      clock,
      wheel: this.#wheel,
      progressMs: PROGRESS_MS,
      ...(onProgress && {
        onProgress: ({ inner, negotiated }) => {
          if (inner) onProgress({ bytes: inner.bytes, size: negotiated?.announcedBytes })
        },
      }),
      // A download is complete once it is stored; an upload only when the server has acknowledged its end.
      onStored: () => this.#finish(),
      onEnd: (end) => this.#ended(end),
      begin: (onChange) =>
        new ClientSession({
          request,
          requested: { blockSize, windowSize, timeoutSeconds, tsize: size },
          server,
          rto: { initialMs: plan.initialTimeoutMs, maxMs: MAX_WAIT_MS },
          retries: plan.requestRetries,
          anyAddress,
          send: (datagram, to) => this.#sockets.send(datagram, to),
          begin: (negotiated, peer) =>
            events.begin(negotiated, this.#sockets.transferWith(peer), onChange),
        }),
    })
  }

  /** Asks. */
  start(): void {
    this.#plan.options.signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#driver.start()
  }

  /** Tells of the server's yes, before anything that follows from it. */
  #look(): void {
    const { negotiated, peer } = this.#driver.session
    if (this.#granted || !negotiated || !peer) return
    this.#granted = true
    this.#events.onGranted?.(negotiated, peer)
  }

  #finish(): void {
    this.#look()
    if (this.#complete) return
    this.#complete = true
    // Dallying keeps no process alive.
    this.#sockets.unref()
    this.#wheel.unref()
    const { negotiated, peer, bytes, blocks, resends } = this.#driver.session
    const { target, server } = this.#plan
    this.#events.onComplete({
      peer: peer ?? server,
      file: target.filename,
      mode: target.mode,
      options: { ...negotiated?.options },
      blockSize: negotiated?.blockSize ?? 0,
      windowSize: negotiated?.windowSize ?? 0,
      bytes,
      blocks,
      resends,
      durationMs: clock() - this.#startedAt,
    })
  }

  #ended(end: TransferEnd): void {
    this.#sockets.close()
    this.#plan.options.signal?.removeEventListener('abort', this.#onAbort)
    if (end.outcome === 'done') this.#finish()
    this.#look()
    if (!this.#complete) this.#events.onFailed(this.#errorFor(end))
  }

  /** The error that stands for an end that was no success. */
  #errorFor({ outcome, code, message = '', error }: TransferEnd): Error {
    if (error) return error
    const { server } = this.#plan
    const { answeredFrom } = this.#driver.session
    if (outcome === 'client-gone') {
      const where = `${server.address} port ${server.port}`
      return this.#granted
        ? new TftpError('ERR_TFTP_UNREACHABLE', 'the server has ended this transfer without a word')
        : new TftpError('ERR_TFTP_UNREACHABLE', `nobody listens at ${where}`)
    }
    if (outcome === 'time-out') {
      const instead = answeredFrom
        ? `; ${answeredFrom} answered instead of ${server.address}, which anyAddress would take`
        : ''
      return new TftpError('ERR_TFTP_TIMEOUT', `the server does not answer${instead}`)
    }
    if (code !== undefined && outcome !== 'failed') {
      const text = message === '' ? '' : `: ${message}`
      return new TftpError('ERR_TFTP_REFUSED', `the server answered error ${code}${text}`, {
        remoteCode: code,
      })
    }
    const errorCode = outcome === 'cancelled' ? 'ERR_TFTP_CLOSED' : 'ERR_TFTP_PROTOCOL'
    return new TftpError(errorCode, message || outcome)
  }

  /** Ends it from this side, with whatever was thrown. */
  fail(reason: unknown): void {
    const error =
      reason === undefined || reason === null
        ? new TftpError('ERR_TFTP_CLOSED', 'the transfer was given up')
        : errorOf(reason)
    logClient('%s: %o', this.#plan.target.filename, error)
    this.#driver.stop({ outcome: 'cancelled', code: 0, message: 'closed', error })
  }
}
