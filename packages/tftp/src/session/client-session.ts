import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode, safeDecode, type Packet } from '../codec/packet.ts'
import { encodeRequest, type RequestFields } from '../codec/request.ts'
import { DEFAULT_BLOCK_BYTES, type Agreement } from './negotiate.ts'
import { acceptAnswer, optionsOf, type Offer } from './offer.ts'
import type { Ending } from './outcome.ts'
import { Rto, type RtoOptions } from './rto.ts'
import type { Session } from './session.ts'

/** An address and port, as sockets know them. */
export interface Peer {
  readonly address: string
  readonly port: number
}

/** What a {@link ClientSession} is made of. */
export interface ClientSessionOptions {
  readonly request: Omit<RequestFields, 'options'>
  readonly offer: Offer
  readonly server: Peer
  readonly rto: RtoOptions
  readonly retries: number
  readonly send: (datagram: Uint8Array, to: Peer) => void
  /** The server said yes: makes the session that moves the file. */
  begin(agreement: Agreement, peer: Peer): Session
}

const PLAIN: Agreement = {
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
 * The first answer fixes the server's port (RFC 1350 §4). A server that refuses the options is asked once more
 * without any.
 */
export class ClientSession {
  readonly #options: ClientSessionOptions
  readonly #rto: Rto
  /** Ports of answers that were turned down: whatever still comes from there is ignored. */
  readonly #dead = new Set<number>()
  #withOptions = true
  #peer: Peer | undefined
  #inner: Session | undefined
  #tries = 0
  #strangers = 0
  #askAgainAt: number = Infinity
  #ending: Ending | undefined
  agreement: Agreement | undefined

  constructor(options: ClientSessionOptions) {
    this.#options = options
    this.#rto = new Rto(options.rto)
    this.#withOptions = Object.keys(optionsOf(options.offer)).length > 0
  }

  get deadline(): number {
    return this.#inner ? this.#inner.deadline : this.#askAgainAt
  }

  get ending(): Ending | undefined {
    return this.#ending ?? this.#inner?.ending
  }

  /** The session that moves the file, once the server has said yes. */
  get inner(): Session | undefined {
    return this.#inner
  }

  get peer(): Peer | undefined {
    return this.#peer
  }

  start(now: number): void {
    const { request, offer, server, send } = this.#options
    const options = this.#withOptions ? optionsOf(offer) : {}
    send(encodeRequest({ ...request, options }), server)
    this.#askAgainAt = now + this.#rto.ms
  }

  receive(datagram: Uint8Array, from: Peer, now: number): void {
    if (this.ending) return
    const peer = this.#peer
    if (peer && from.port === peer.port && from.address === peer.address) {
      this.#inner?.receive(datagram, now)
    } else if (peer || from.address !== this.#options.server.address) {
      this.#onStranger(datagram, from)
    } else if (!this.#dead.has(from.port)) {
      this.#onAnswer(datagram, from, now)
    }
  }

  /** RFC 1350 §4: a stranger gets ERROR 5, the transfer goes on; an ERROR is never answered. */
  #onStranger(datagram: Uint8Array, from: Peer): void {
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

  #onAnswer(datagram: Uint8Array, from: Peer, now: number): void {
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

  #onOack(answer: Readonly<Record<string, string>>, from: Peer, now: number): void {
    const agreement = this.#withOptions
      ? acceptAnswer(this.#options.offer, answer)
      : { reason: 'nothing was requested' }
    if (!('reason' in agreement)) {
      this.#begin(agreement, from, now)
      return
    }
    const { reason } = agreement
    const { OPTION_REFUSED } = ErrorCode
    this.#options.send(
      encode({ opcode: Opcode.ERROR, code: OPTION_REFUSED, message: reason }),
      from,
    )
    this.#askPlainly(from, now, { outcome: 'failed', message: reason })
  }

  #onRefusal({ code, message }: { code: number; message: string }, from: Peer, now: number): void {
    const ending = { outcome: 'denied', code, message } as const
    if (REFUSES_OPTIONS.has(code)) this.#askPlainly(from, now, ending)
    else this.#ending = ending
  }

  /** Asks without options, unless that was tried: then `ending` is the result. */
  #askPlainly(from: Peer, now: number, ending: Ending): void {
    if (!this.#withOptions) {
      this.#ending = ending
      return
    }
    this.#withOptions = false
    this.#dead.add(from.port)
    this.#tries = 0
    this.#rto.progress()
    this.start(now)
  }

  #begin(agreement: Agreement, from: Peer, now: number): void {
    const { request } = this.#options
    this.#peer = { address: from.address, port: from.port }
    this.agreement = agreement
    this.#inner = this.#options.begin(agreement, this.#peer)
    // DATA 1 that grants the request is answered by its own ACK; an ACK 0 would be one too many.
    if (agreement !== PLAIN || request.opcode === Opcode.WRQ) this.#inner.start(now)
  }

  onTime(now: number): void {
    if (this.ending || now < this.deadline) return
    if (this.#inner) {
      this.#inner.onTime(now)
    } else if (this.#tries >= this.#options.retries) {
      this.#ending = { outcome: 'time-out' }
    } else {
      this.#tries++
      this.#rto.expired()
      this.start(now)
    }
  }

  /** Gives up; the server is told, where it has answered already. */
  stop(ending: Ending): void {
    if (this.#inner) this.#inner.stop(ending)
    else this.#ending ??= ending
  }
}
