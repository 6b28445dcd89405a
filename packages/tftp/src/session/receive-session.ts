import { ErrorCode, HEADER_BYTES, Opcode } from '../codec/opcodes.ts'
import { encode, safeDecode } from '../codec/packet.ts'
import { TftpError } from '../errors.ts'
import { errorOf, type TransferEnd } from './outcome.ts'
import { Receiver, type ReceiverOptions } from './receiver.ts'
import type { Clock, TransferSession, Wire } from './session.ts'
import type { Sink } from './sink.ts'

/** What a {@link ReceiveSession} is made of. */
export interface ReceiveSessionOptions {
  readonly wire: Wire
  readonly clock: Clock
  readonly sink: Sink
  readonly receiver: ReceiverOptions
  readonly blockSize: number
  /**
   * Bytes on the wire, where they are known: another number of them is an error, not a file. Never what a writing
   * client announces: RFC 2349 means that for allocation, and curl says 0 for "unknown".
   */
  readonly expectedBytes?: number | undefined
  /** ERROR 3 once the file grows over it. */
  readonly maxBytes?: number | undefined
  /** What opens the transfer: an OACK; without it ACK 0 goes out. */
  readonly opening?: Uint8Array | undefined
  /** How long to stay after the end, to acknowledge the last block again. */
  readonly dallyMs?: number
  /** Called when a sink has caught up: the owner looks at `deadline` and `end` again. */
  readonly onChange: () => void
}

/** dnsmasq counts `tsize` in 32 bits: 4 GiB less is the same size. */
const isSize = (bytes: number, announced: number): boolean =>
  bytes === announced || (announced < 2 ** 32 && bytes % 2 ** 32 === announced)

/** A negotiated `timeout` may be minutes; nobody waits that long for a file that is complete. */
const MAX_DALLY_MS = 2000

/** Receives a file: a write request at the server, or a read at the client once it was granted. */
export class ReceiveSession implements TransferSession {
  readonly #options: ReceiveSessionOptions
  readonly #receiver: Receiver
  #pending: Promise<unknown> | undefined
  #stored = false
  #dallyUntil = Infinity
  #ended: TransferEnd | undefined
  bytes = 0

  constructor(options: ReceiveSessionOptions) {
    this.#options = options
    this.#receiver = new Receiver(options.receiver)
    this.#receiver.ackDue = true
  }

  get deadline(): number {
    if (this.#stored) return this.#dallyUntil
    return this.#pending ? Infinity : this.#receiver.deadline
  }

  get end(): TransferEnd | undefined {
    return this.#ended
  }

  get blocks(): number {
    return this.#receiver.received
  }

  get resends(): number {
    return this.#receiver.resends
  }

  get isStored(): boolean {
    return this.#stored
  }

  get allButConfirmed(): boolean {
    return this.#stored
  }

  start(now: number): void {
    this.#acknowledge(now)
  }

  receive(datagram: Uint8Array, now: number): void {
    if (this.#ended) return
    if (datagram[1] === Opcode.DATA && datagram[0] === 0 && datagram.length >= HEADER_BYTES) {
      this.#onData((datagram[2]! << 8) | datagram[3]!, datagram.subarray(HEADER_BYTES), now)
      return
    }
    const packet = safeDecode(datagram)
    if (packet?.opcode === Opcode.OACK && this.#receiver.received === 0 && !this.#options.opening) {
      // Our ACK 0 was lost: the server repeats its OACK.
      this.#receiver.ackDue = true
      this.#acknowledge(now)
    }
    if (packet?.opcode !== Opcode.ERROR) return
    if (this.#stored) this.#ended = { outcome: 'done' }
    else this.#finish({ outcome: 'client-abort', code: packet.code, message: packet.message })
  }

  #onData(wire: number, payload: Uint8Array, now: number): void {
    const { blockSize, maxBytes = Infinity } = this.#options
    if (payload.length > blockSize) {
      this.#fail(
        ErrorCode.ILLEGAL_OPERATION,
        `a block of ${payload.length} bytes, at most ${blockSize} were agreed`,
      )
      return
    }
    const receiver = this.#receiver
    if (receiver.onData(wire, payload.length < blockSize, now)) {
      this.bytes += payload.length
      if (this.bytes > maxBytes) {
        this.#fail(
          ErrorCode.DISK_FULL,
          `more than ${maxBytes} bytes, which is the limit`,
          'ERR_TFTP_TOO_LARGE',
        )
        return
      }
      this.#keep(payload)
    }
    this.#acknowledge(now)
  }

  #keep(payload: Uint8Array): void {
    const { sink, expectedBytes } = this.#options
    try {
      if (payload.length > 0) this.#waitFor(sink.write(payload))
      if (!this.#receiver.finished) return
      if (expectedBytes !== undefined && !isSize(this.bytes, expectedBytes)) {
        this.#fail(ErrorCode.UNDEFINED, `${this.bytes} bytes came, ${expectedBytes} were announced`)
        return
      }
      this.#waitFor(this.#pending ? this.#pending.then(() => sink.end()) : sink.end())
      // The last ACK says that the file is stored, not merely received.
      if (!this.#pending) this.#stored = true
    } catch (error) {
      this.#sinkFailed(error)
    }
  }

  /** Nothing is acknowledged before all that was written is taken: the peer's window is the backpressure. */
  #waitFor(done: void | Promise<void>): void {
    if (!done) return
    const pending = Promise.all([this.#pending, done])
    this.#pending = pending
    pending.then(
      () => this.#onSettled(pending),
      (error: unknown) => {
        this.#sinkFailed(error)
        this.#options.onChange()
      },
    )
  }

  #onSettled(pending: Promise<unknown>): void {
    if (this.#pending !== pending || this.#ended) return
    this.#pending = undefined
    this.#stored = this.#receiver.finished
    this.#acknowledge(this.#options.clock())
    this.#options.onChange()
  }

  #acknowledge(now: number): void {
    const receiver = this.#receiver
    if (!receiver.ackDue || this.#pending || this.#ended) return
    const { opening, wire, dallyMs = 0 } = this.#options
    const first = receiver.received === 0 ? opening : undefined
    wire.send(first ?? encode({ opcode: Opcode.ACK, block: receiver.ackNumber }))
    receiver.acknowledged(now)
    if (this.#stored && this.#dallyUntil === Infinity)
      this.#dallyUntil = now + Math.min(Math.max(dallyMs, receiver.timeoutMs), MAX_DALLY_MS)
  }

  /** What a receiver sends fits everywhere. */
  onLoss(): void {}

  onTime(now: number): void {
    if (this.#ended || now < this.deadline) return
    if (this.#stored) {
      this.#ended = { outcome: 'done' }
      return
    }
    this.#receiver.onTime(now)
    if (this.#receiver.exhausted) this.#finish({ outcome: 'time-out' })
    else this.#acknowledge(now)
  }

  #fail(
    code: number,
    message: string,
    errorCode: 'ERR_TFTP_PROTOCOL' | 'ERR_TFTP_TOO_LARGE' = 'ERR_TFTP_PROTOCOL',
  ): void {
    this.stop({ outcome: 'failed', code, message, error: new TftpError(errorCode, message) })
  }

  #sinkFailed(error: unknown): void {
    const failure = errorOf(error)
    const full =
      'code' in failure &&
      (failure.code === 'ENOSPC' || failure.code === 'EDQUOT' || failure.code === 'EFBIG')
    const exists = 'code' in failure && failure.code === 'EEXIST'
    const code = full ? ErrorCode.DISK_FULL : exists ? ErrorCode.FILE_EXISTS : ErrorCode.UNDEFINED
    const message = full
      ? 'disk full'
      : exists
        ? 'file already exists'
        : 'the file could not be written'
    this.stop({ outcome: 'failed', code, message, error: failure })
  }

  stop(end: TransferEnd): void {
    if (this.#ended) return
    if (this.#stored) {
      this.#ended = { outcome: 'done' }
      return
    }
    if (end.code !== undefined) {
      const { code, message = '' } = end
      this.#options.wire.send(encode({ opcode: Opcode.ERROR, code, message }))
    }
    this.#finish(end)
  }

  #finish(end: TransferEnd): void {
    this.#ended = end
    this.#options.sink.abort()
  }
}
