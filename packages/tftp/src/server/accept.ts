import { isIPv6 } from 'node:net'

import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode } from '../codec/packet.ts'
import { contextOf, isRefusal, refuse } from '../content/answers.ts'
import type { ImageCache } from '../content/image-cache.ts'
import { hearFailures, quietly } from '../content/pieces.ts'
import { contentOf } from '../content/read.ts'
import { maxBytesOf, sinkOf } from '../content/write.ts'
import { TftpError } from '../errors.ts'
import {
  MIN_BLOCK_BYTES,
  negotiate,
  type NegotiationPolicy,
  type Negotiated,
} from '../session/negotiate.ts'
import { ReceiveSession } from '../session/receive-session.ts'
import type { RtoOptions } from '../session/rto.ts'
import { SendSession } from '../session/send-session.ts'
import type { Clock, TransferSession, Wire } from '../session/session.ts'
import type { TimerWheel } from '../session/timer-wheel.ts'
import type { TftpHandlers, TftpRequest } from './handlers.ts'
import { turnedBy, turnedDown, type Turned } from './refusals.ts'
import type { Settings } from './settings.ts'
import type { OpenWire } from './transfer-socket.ts'

/** What all transfers of a server share. */
export interface Shared {
  readonly instance: string
  readonly settings: Settings
  readonly handlers: TftpHandlers
  readonly clock: Clock
  readonly wheel: TimerWheel
  readonly cache: ImageCache
  readonly openWire: OpenWire
  /** Largest packet of the interface that has this address, in bytes. */
  readonly mtuOf: (local: string) => number
}

/** A request that a handler said yes to. */
export interface Accepted {
  readonly negotiated: Negotiated
  readonly size: number | undefined
  readonly context: unknown
  /** Makes the session; `onChange` is called when it moved by itself. */
  begin(wire: Wire, onChange: () => void): TransferSession
  discard(): void
}

/** RFC 1350 section 6 asks the receiver to dally; this long it answers a repeated last block. */
const DALLY_MS = 500
/** A sender's packets to a peer that has not yet answered: no more, or it could be used to flood somebody else. */
const UNANSWERED_SENDS = 3
/** Many clients never send the last ACK: with the back-off given up after about 15 s. */
const FINAL_RETRIES = 4
/** A negotiated `timeout` may be minutes: at least so many of them are waited for. */
const PATIENT_TIMEOUTS = 3
/** IP and UDP headers with room for IP options or a tunnel. */
const HEADERS_BYTES = { udp4: 32, udp6: 52 }

const policyFor = ({ settings, mtuOf }: Shared, request: TftpRequest): NegotiationPolicy => {
  const { mtu, maxBlockSize, maxWindowSize, refuseOptions } = settings
  const packet = mtu === 'interface' ? mtuOf(request.local.address) : mtu
  const headers = isIPv6(request.peer.address) ? HEADERS_BYTES.udp6 : HEADERS_BYTES.udp4
  return {
    maxBlockSize: Math.max(MIN_BLOCK_BYTES, Math.min(maxBlockSize, packet - headers)),
    maxWindowSize,
    refuse: typeof refuseOptions === 'function' ? refuseOptions(request) : refuseOptions,
  }
}

const rtoFor = ({ settings }: Shared, { timeoutMs }: Negotiated): RtoOptions => ({
  minMs: settings.minTimeoutMs,
  initialMs: settings.initialTimeoutMs,
  fixedMs: timeoutMs,
})

const patienceFor = ({ settings }: Shared, { timeoutMs = 0 }: Negotiated): number =>
  Math.max(settings.limits.patienceMs, PATIENT_TIMEOUTS * timeoutMs)

const openingOf = ({ options }: Negotiated): Uint8Array | undefined =>
  Object.keys(options).length === 0 ? undefined : encode({ opcode: Opcode.OACK, options })

const isThenable = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** Waits for a handler, but not for ever, nor longer than its transfer; what it answers later goes to `dismiss`. */
const within = async <T>(
  ms: number,
  signal: AbortSignal,
  answer: T | PromiseLike<T>,
  dismiss: (late: T) => unknown,
): Promise<T> => {
  if (!isThenable(answer)) return answer
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new TftpError('ERR_TFTP_TIMEOUT', `a handler took longer than ${ms} ms`)
    timer = setTimeout(() => reject(error), ms)
    onAbort = () => reject(new TftpError('ERR_TFTP_CLOSED', 'the transfer is over'))
    signal.addEventListener('abort', onAbort)
  })
  // A handler that fails after its time has nobody left to tell.
  late.catch(() => quietly(async () => dismiss(await answer)))
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer)
    if (onAbort) signal.removeEventListener('abort', onAbort)
  })
}

const acceptRead = async (shared: Shared, request: TftpRequest): Promise<Accepted | Turned> => {
  const { settings, handlers, cache, clock } = shared
  const { limits, rollover } = settings
  // Before the handler opens anything: `refuseOptions` is a function of the user and may throw.
  const policy = policyFor(shared, request)
  const given: unknown = handlers.read(request)
  // Before the next turn of the loop: a stream that has failed already says so only once.
  hearFailures(given)
  const answer = await within(limits.handlerTimeoutMs, request.signal, given, async (late) => {
    if (!isRefusal(late)) (await contentOf(late, request.mode, cache)).discard()
  })
  if (isRefusal(answer)) return turnedDown(answer)
  const context = contextOf(answer)
  try {
    const content = await contentOf(answer, request.mode, cache)
    const negotiated = negotiate(request.options, policy, { read: true, size: content.size })
    return {
      negotiated,
      size: content.size,
      context,
      begin: (wire, onChange) =>
        new SendSession({
          wire,
          clock,
          source: content.open({
            blockSize: negotiated.blockSize,
            rollover,
            isIdle: () => (wire.queued?.() ?? 0) === 0,
          }),
          opening: openingOf(negotiated),
          sizeAsked: 'tsize' in request.options,
          loadTimeoutMs: limits.handlerTimeoutMs,
          onChange,
          sender: {
            windowSize: negotiated.windowSize,
            rollover,
            rto: rtoFor(shared, negotiated),
            retries: limits.maxRetries,
            patienceMs: patienceFor(shared, negotiated),
            unansweredSends: UNANSWERED_SENDS,
            finalRetries: Math.min(FINAL_RETRIES, limits.maxRetries),
          },
        }),
      discard: () => content.discard(),
    }
  } catch (error) {
    // The handler has answered: its context belongs to the record all the same.
    return turnedBy(error, context)
  }
}

const acceptWrite = async (shared: Shared, request: TftpRequest): Promise<Accepted | Turned> => {
  const { settings, handlers, clock } = shared
  const { limits } = settings
  if (!handlers.write)
    return turnedDown(refuse(ErrorCode.ACCESS_VIOLATION, 'this server is read-only'))
  const negotiated = negotiate(request.options, policyFor(shared, request), { read: false })
  const size = negotiated.announcedBytes
  const answer: unknown = await within<unknown>(
    limits.handlerTimeoutMs,
    request.signal,
    handlers.write({ ...request, size }),
    (late) => {
      if (!isRefusal(late)) sinkOf(late, request.mode).abort()
    },
  )
  if (isRefusal(answer)) return turnedDown(answer)
  const context = contextOf(answer)
  try {
    const sink = sinkOf(answer, request.mode)
    const maxBytes = maxBytesOf(answer)
    if (size !== undefined && maxBytes !== undefined && size > maxBytes) {
      sink.abort()
      const message = `at most ${maxBytes} bytes are taken`
      return turnedDown(refuse(ErrorCode.DISK_FULL, message, context))
    }
    return {
      negotiated,
      size,
      context,
      begin: (wire, onChange) =>
        new ReceiveSession({
          wire,
          clock,
          sink,
          blockSize: negotiated.blockSize,
          maxBytes,
          opening: openingOf(negotiated),
          dallyMs: DALLY_MS,
          onChange,
          receiver: {
            windowSize: negotiated.windowSize,
            rollover: settings.rollover,
            rto: rtoFor(shared, negotiated),
            retries: limits.maxRetries,
            patienceMs: patienceFor(shared, negotiated),
            unansweredSends: UNANSWERED_SENDS,
          },
        }),
      discard: () => sink.abort(),
    }
  } catch (error) {
    return turnedBy(error, context)
  }
}

/** Asks the handler and works out what was agreed. Rejects with what the handler throws. */
export const accept = (
  shared: Shared,
  operation: 'read' | 'write',
  request: TftpRequest,
): Promise<Accepted | Turned> =>
  operation === 'read' ? acceptRead(shared, request) : acceptWrite(shared, request)
