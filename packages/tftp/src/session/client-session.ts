import type { Endpoint } from '../channels.ts'
import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode, safeDecode, type Packet } from '../codec/packet.ts'
import { encodeRequest, type RequestFields } from '../codec/request.ts'
import { DEFAULT_BLOCK_BYTES, type Negotiated } from './negotiate.ts'
import type { TransferEnd } from './outcome.ts'
import { acceptAnswer, optionsOf, type RequestedOptions } from './requested-options.ts'
import { Rto, type RtoOptions } from './rto.ts'
import type { TransferSession } from './session.ts'

/** What a {@link ClientSession} is made of. */
export interface ClientSessionOptions {
  readonly request: Omit<RequestFields, 'options'>
  readonly requested: RequestedOptions
  readonly server: Endpoint
  readonly rto: RtoOptions
  readonly retries: number
  /** Takes the first answer from any address: a server with several may choose another one to answer from. */
  readonly anyAddress?: boolean
  readonly send: (datagram: Uint8Array, to: Endpoint) => void
  /** The server said yes: makes the session that moves the file. */
  begin(negotiated: Negotiated, peer: Endpoint): TransferSession
}

const PLAIN: Negotiated = {
  blockSize: DEFAULT_BLOCK_BYTES,
  windowSize: 1,
  timeoutMs: undefined,
  announcedBytes: undefined,
  options: {},
}

/** Codes with which servers refuse options; 0 and 4 come from those older than RFC 2347. */
const REFUSES_OPTIONS: ReadonlySet<number> = new Set([
  ErrorCode.OPTION_REFUSED,
  ErrorCode.ILLEGAL_OPERATION,
  ErrorCode.UNDEFINED,
])
/** Strangers told so (ERROR 5); the rest is ignored: a forged flood is not to be answered. */
const MAX_STRANGERS = 8

/**
 * The client's side of a transfer: asks, takes the answer, and hands over to a sending or receiving session.
 *
 * The first answer fixes the server's port (RFC 1350 section 4). A server that refuses the options is asked once more
 * without any.
 */
export class ClientSession implements TransferSession {
  readonly #options: ClientSessionOptions
  readonly #rto: Rto
  /** Ports of answers that were turned down: whatever still comes from there is ignored. */
  readonly #dead = new Set<number>()
  #withOptions = true
  #peer: Endpoint | undefined
  #inner: TransferSession | undefined
  #tries = 0
  #strangers = 0
  #askAgainAt: number = Infinity
  #ended: TransferEnd | undefined
  /** What was agreed, once the server has said yes. */
  negotiated: Negotiated | undefined
  /** Another address that answered in place of the server's and was turned down. */
  answeredFrom: string | undefined

  constructor(options: ClientSessionOptions) {
    this.#options = options
    this.#rto = new Rto(options.rto)
    this.#withOptions = Object.keys(optionsOf(options.requested)).length > 0
  }

  get deadline(): number {
    return this.#inner ? this.#inner.deadline : this.#askAgainAt
  }

  get end(): TransferEnd | undefined {
    return this.#ended ?? this.#inner?.end
  }

  /** The session that moves the file, once the server has said yes. */
  get inner(): TransferSession | undefined {
    return this.#inner
  }

  get peer(): Endpoint | undefined {
    return this.#peer
  }

  start(now: number): void {
    const { request, requested, server, send } = this.#options
    const options = this.#withOptions ? optionsOf(requested) : {}
    send(encodeRequest({ ...request, options }), server)
    this.#askAgainAt = now + this.#rto.ms
  }

  get bytes(): number {
    return this.#inner?.bytes ?? 0
  }

  get blocks(): number {
    return this.#inner?.blocks ?? 0
  }

  get resends(): number {
    return this.#inner?.resends ?? 0
  }

  get isStored(): boolean {
    return this.#inner?.isStored ?? false
  }

  get allButConfirmed(): boolean {
    return this.#inner?.allButConfirmed ?? false
  }

  receive(datagram: Uint8Array, now: number, from: Endpoint): void {
    if (this.end) return
    const peer = this.#peer
    if (peer && from.port === peer.port && from.address === peer.address) {
      this.#inner?.receive(datagram, now)
    } else if (peer) {
      this.#onStranger(datagram, from)
    } else if (from.address !== this.#options.server.address && !this.#options.anyAddress) {
      if (safeDecode(datagram)) this.answeredFrom = from.address
      this.#onStranger(datagram, from)
    } else if (!this.#dead.has(from.port)) {
      this.#onAnswer(datagram, from, now)
    }
  }

  /** RFC 1350 section 4: a stranger gets ERROR 5, the transfer goes on; an ERROR is never answered. */
  #onStranger(datagram: Uint8Array, from: Endpoint): void {
    if (
      this.#dead.has(from.port) ||
      datagram[1] === Opcode.ERROR ||
      this.#strangers >= MAX_STRANGERS
    )
      return
    this.#strangers++
    const error = {
      opcode: Opcode.ERROR,
      code: ErrorCode.UNKNOWN_TRANSFER_ID,
      message: 'unknown transfer id',
    }
    this.#options.send(encode(error), from)
  }

  #onAnswer(datagram: Uint8Array, from: Endpoint, now: number): void {
    const packet = safeDecode(datagram)
    if (packet?.opcode === Opcode.OACK) this.#onOack(packet.options, from, now)
    else if (packet?.opcode === Opcode.ERROR) this.#onRefusal(packet, from, now)
    else if (packet && this.#isPlainGrant(packet)) {
      this.#begin(PLAIN, from, now)
      if (packet.opcode === Opcode.DATA) this.#inner?.receive(datagram, now)
    }
  }

  #isPlainGrant(packet: Packet): boolean {
    if (this.#options.request.opcode === Opcode.RRQ)
      return packet.opcode === Opcode.DATA && packet.block === 1
    return packet.opcode === Opcode.ACK && packet.block === 0
  }

  #onOack(answer: Readonly<Record<string, string>>, from: Endpoint, now: number): void {
    const negotiated = this.#withOptions
      ? acceptAnswer(this.#options.requested, answer)
      : { reason: 'nothing was requested' }
    if (!('reason' in negotiated)) {
      this.#begin(negotiated, from, now)
      return
    }
    const { reason } = negotiated
    const { OPTION_REFUSED } = ErrorCode
    this.#options.send(
      encode({ opcode: Opcode.ERROR, code: OPTION_REFUSED, message: reason }),
      from,
    )
    this.#askPlainly(from, now, { outcome: 'failed', message: reason })
  }

  #onRefusal(
    { code, message }: { code: number; message: string },
    from: Endpoint,
    now: number,
  ): void {
    const end = { outcome: 'denied', code, message } as const
    if (REFUSES_OPTIONS.has(code)) this.#askPlainly(from, now, end)
    else this.#ended = end
  }

  /** Asks without options, unless that was tried: then `end` is the result. */
  #askPlainly(from: Endpoint, now: number, end: TransferEnd): void {
    if (!this.#withOptions) {
      this.#ended = end
      return
    }
    this.#withOptions = false
    this.#dead.add(from.port)
    this.#tries = 0
    this.#rto.progress()
    this.start(now)
  }

  #begin(negotiated: Negotiated, from: Endpoint, now: number): void {
    const { request } = this.#options
    this.#peer = { address: from.address, port: from.port }
    this.negotiated = negotiated
    this.#inner = this.#options.begin(negotiated, this.#peer)
    // DATA 1 that grants the request is answered by its own ACK; an ACK 0 would be one too many.
    if (negotiated !== PLAIN || request.opcode === Opcode.WRQ) this.#inner.start(now)
  }

  onTime(now: number): void {
    if (this.end || now < this.deadline) return
    if (this.#inner) {
      this.#inner.onTime(now)
    } else if (this.#tries >= this.#options.retries) {
      this.#ended = { outcome: 'time-out' }
    } else {
      this.#tries++
      this.#rto.expired()
      this.start(now)
    }
  }

  onLoss(now: number): void {
    this.#inner?.onLoss(now)
  }

  /** Gives up; the server is told, where it has answered already. */
  stop(end: TransferEnd): void {
    if (this.#inner) this.#inner.stop(end)
    else this.#ended ??= end
  }
}
