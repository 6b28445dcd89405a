import { isIPv6 } from 'node:net'

import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode } from '../codec/packet.ts'
import { TftpError } from '../errors.ts'
import { contentOf, type Content } from '../io/content.ts'
import type { ImageCache } from '../io/image-cache.ts'
import type { TimerWheel } from '../io/wheel.ts'
import {
  MIN_BLOCK_BYTES,
  negotiate,
  type Agreement,
  type NegotiationPolicy,
} from '../session/negotiate.ts'
import { ReceiveSession } from '../session/receive-session.ts'
import type { RtoOptions } from '../session/rto.ts'
import { SendSession } from '../session/send-session.ts'
import type { Clock, Session, Wire } from '../session/session.ts'
import { denialOf } from './denial.ts'
import { refuse, type Refusal, type TftpHandlers, type TftpRequest } from './handlers.ts'
import type { Settings } from './settings.ts'
import type { OpenWire } from './transfer-socket.ts'
import { maxBytesOf, sinkOf } from './upload.ts'

/** What all transfers of a server share. */
export interface Shared {
  readonly instance: string
  readonly settings: Settings
  readonly handlers: TftpHandlers
  readonly clock: Clock
  readonly wheel: TimerWheel
  readonly cache: ImageCache
  readonly openWire: OpenWire
}

/** A request that a handler said yes to. */
export interface Granted {
  readonly agreement: Agreement
  readonly size: number | undefined
  readonly context: unknown
  /** Makes the session; `onChange` is called when it moved by itself. */
  begin(wire: Wire, onChange: () => void): Session
  discard(): void
}

/** RFC 1350 §6 asks the receiver to dally; this long it answers a repeated last block. */
const DALLY_MS = 500
/** A sender's packets to a peer that has not yet answered: no more, or it could be used to flood somebody else. */
const UNANSWERED_SENDS = 3
/** With the back-off about five seconds on a LAN: room for a client that writes to flash before it answers. */
const FINAL_RETRIES = 7
/** IP and UDP headers with room for IP options or a tunnel. */
const HEADERS_BYTES = { udp4: 32, udp6: 52 }

const policyFor = ({ settings }: Shared, request: TftpRequest): NegotiationPolicy => {
  const { mtu, maxBlockSize, maxWindowSize, refuseOptions = [] } = settings
  const headers = isIPv6(request.remote.address) ? HEADERS_BYTES.udp6 : HEADERS_BYTES.udp4
  return {
    maxBlockSize: Math.max(MIN_BLOCK_BYTES, Math.min(maxBlockSize, mtu - headers)),
    maxWindowSize,
    refuse: typeof refuseOptions === 'function' ? refuseOptions(request) : refuseOptions,
  }
}

const rtoFor = ({ settings }: Shared, { timeoutMs }: Agreement): RtoOptions => ({
  minMs: settings.minTimeoutMs,
  initialMs: settings.initialTimeoutMs,
  fixedMs: timeoutMs,
})

const openingOf = ({ options }: Agreement): Uint8Array | undefined =>
  Object.keys(options).length === 0 ? undefined : encode({ opcode: Opcode.OACK, options })

/** Waits for a handler, but not for ever, nor longer than its transfer; what it answers later goes to `dismiss`. */
const within = async <T>(
  ms: number,
  signal: AbortSignal,
  answer: T | Promise<T>,
  dismiss: (late: T) => void | Promise<void>,
): Promise<T> => {
  if (!(answer instanceof Promise)) return answer
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new TftpError('ERR_TFTP_TIMEOUT', `a handler took longer than ${ms} ms`)
    timer = setTimeout(() => reject(error), ms)
    onAbort = () => reject(new TftpError('ERR_TFTP_CLOSED', 'the transfer is over'))
    signal.addEventListener('abort', onAbort)
  })
  // A handler that fails after its time has nobody left to tell.
  late.catch(() => answer.then(dismiss)).catch(() => {})
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer)
    if (onAbort) signal.removeEventListener('abort', onAbort)
  })
}

const grantRead = async (shared: Shared, request: TftpRequest): Promise<Granted | Refusal> => {
  const { settings, handlers, cache, clock } = shared
  // Before the handler opens anything: `refuseOptions` is a function of the user and may throw.
  const policy = policyFor(shared, request)
  const answer = await within(
    settings.handlerTimeoutMs,
    request.signal,
    handlers.read(request),
    async (late) => {
      if (!('refused' in late)) (await contentOf(late, request.mode, cache)).discard()
    },
  )
  if ('refused' in answer) return answer
  const context = 'context' in answer ? answer.context : undefined
  let content: Content
  try {
    content = await contentOf(answer, request.mode, cache)
  } catch (error) {
    // The handler has answered: its context belongs to the record all the same.
    return denialOf(error, context)
  }
  const agreement = negotiate(request.options, policy, { read: true, size: content.size })
  const { rollover, retries } = settings
  return {
    agreement,
    size: content.size,
    context,
    begin: (wire, onChange) => {
      const session = new SendSession({
        wire,
        clock,
        source: content.open(agreement.blockSize, rollover),
        opening: openingOf(agreement),
        sizeAsked: 'tsize' in request.options,
        sender: {
          windowSize: agreement.windowSize,
          rollover,
          rto: rtoFor(shared, agreement),
          retries,
          unansweredSends: UNANSWERED_SENDS,
          finalRetries: Math.min(FINAL_RETRIES, retries),
        },
      })
      session.onLoaded = onChange
      return session
    },
    discard: () => content.discard(),
  }
}

const grantWrite = async (shared: Shared, request: TftpRequest): Promise<Granted | Refusal> => {
  const { settings, handlers, clock } = shared
  if (!handlers.write) return refuse(ErrorCode.ACCESS_VIOLATION, 'this server is read-only')
  const agreement = negotiate(request.options, policyFor(shared, request), { read: false })
  const size = agreement.announcedBytes
  const answer = await within(
    settings.handlerTimeoutMs,
    request.signal,
    handlers.write({ ...request, size }),
    (late) => {
      if (!('refused' in late)) sinkOf(late, request.mode).abort()
    },
  )
  if ('refused' in answer) return answer
  const sink = sinkOf(answer, request.mode)
  const maxBytes = maxBytesOf(answer)
  if (size !== undefined && maxBytes !== undefined && size > maxBytes) {
    sink.abort()
    return refuse(ErrorCode.DISK_FULL, `at most ${maxBytes} bytes are taken`)
  }
  return {
    agreement,
    size,
    context: 'context' in answer ? answer.context : undefined,
    begin: (wire, onChange) => {
      const session = new ReceiveSession({
        wire,
        clock,
        sink,
        blockSize: agreement.blockSize,
        maxBytes,
        // A netascii client may count its local bytes.
        expectedBytes: request.mode === 'octet' ? size : undefined,
        opening: openingOf(agreement),
        dallyMs: DALLY_MS,
        receiver: {
          windowSize: agreement.windowSize,
          rollover: settings.rollover,
          rto: rtoFor(shared, agreement),
          retries: settings.retries,
        },
      })
      session.onReady = onChange
      return session
    },
    discard: () => sink.abort(),
  }
}

/** Asks the handler and works out what was agreed. */
export const grant = (
  shared: Shared,
  operation: 'read' | 'write',
  request: TftpRequest,
): Promise<Granted | Refusal> =>
  operation === 'read' ? grantRead(shared, request) : grantWrite(shared, request)
