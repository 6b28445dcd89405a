import { ErrorCode, HEADER_BYTES, Opcode } from '../codec/opcodes.ts'
import { encode, safeDecode } from '../codec/packet.ts'
import { TftpError } from '../errors.ts'
import { errorOf, type TransferEnd } from './outcome.ts'
import { NOTHING, Sender, type SenderOptions } from './sender.ts'
import type { Clock, TransferSession, Wire } from './session.ts'
import type { Source } from './source.ts'

/** What a {@link SendSession} is made of. */
export interface SendSessionOptions {
  readonly wire: Wire
  readonly clock: Clock
  readonly source: Source
  readonly sender: Omit<SenderOptions, 'firstBlock'>
  /** The packet that takes the place of block 0: an OACK. */
  readonly opening?: Uint8Array | undefined
  /** True when the client asked for `tsize`: an ERROR to the OACK then means that it only wanted to know. */
  readonly sizeAsked?: boolean
  /** Longest wait for the source, in milliseconds. Default: for ever. */
  readonly loadTimeoutMs?: number
  /** Called when the source has caught up: the owner looks at `deadline` and `end` again. */
  readonly onChange: () => void
}

/** Sends a file: a read request at the server, or a write at the client once it was granted. */
export class SendSession implements TransferSession {
  readonly #wire: Wire
  readonly #clock: Clock
  readonly #source: Source
  readonly #sender: Sender
  readonly #opening: Uint8Array | undefined
  readonly #sizeAsked: boolean
  readonly #loadTimeoutMs: number
  readonly #onChange: () => void
  #loading = false
  /** When a source that gives nothing is given up. */
  #loadUntil = Infinity
  #ended: TransferEnd | undefined

  constructor(options: SendSessionOptions) {
    const { wire, clock, source, sender, opening } = options
    this.#wire = wire
    this.#clock = clock
    this.#source = source
    this.#opening = opening
    this.#sizeAsked = options.sizeAsked ?? false
    this.#loadTimeoutMs = options.loadTimeoutMs ?? Infinity
    this.#onChange = options.onChange
    this.#sender = new Sender({ ...sender, firstBlock: opening ? 0 : 1 })
    this.#sender.lastBlock = source.lastBlock
  }

  get deadline(): number {
    return this.#loading ? Math.min(this.#loadUntil, this.#sender.deadline) : this.#sender.deadline
  }

  get end(): TransferEnd | undefined {
    return this.#ended
  }

  get bytes(): number {
    return this.#source.bytesUpTo(this.#sender.acked)
  }

  get blocks(): number {
    return Math.max(this.#sender.acked, 0)
  }

  get resends(): number {
    return this.#sender.resends
  }

  get isStored(): boolean {
    return false
  }

  get allButConfirmed(): boolean {
    return this.#sender.allSent && this.#sender.answered
  }

  start(now: number): void {
    this.#pump(now)
  }

  receive(datagram: Uint8Array, now: number): void {
    if (this.#ended) return
    // The first four bytes are enough: Ethernet padding and Windows' `msftwindow` append more.
    if (datagram[1] === Opcode.ACK && datagram[0] === 0 && datagram.length >= HEADER_BYTES) {
      this.#sender.onAck((datagram[2]! << 8) | datagram[3]!, now)
      this.#pump(now)
      return
    }
    this.#receiveOther(datagram)
  }

  #receiveOther(datagram: Uint8Array): void {
    const packet = safeDecode(datagram)
    // Anything but an ERROR is ignored: an answer to it could start a loop (CVE-2024-2169).
    if (packet?.opcode !== Opcode.ERROR) return
    const atOpening = this.#opening !== undefined && !this.#sender.answered
    const outcome = atOpening && this.#sizeAsked ? 'probe' : 'client-abort'
    this.#finish({ outcome, code: packet.code, message: packet.message })
  }

  onTime(now: number): void {
    if (this.#ended) return
    if (this.#loading && now >= this.#loadUntil) {
      const waited = `the source gave nothing for ${this.#loadTimeoutMs} ms`
      this.#failed(new TftpError('ERR_TFTP_TIMEOUT', waited))
      return
    }
    this.#sender.onTime(now)
    this.#pump(now)
  }

  onLoss(now: number): void {
    if (this.#ended) return
    this.#sender.onLoss(now)
    this.#pump(now)
  }

  /** Sends whatever may be sent. */
  #pump(now: number): void {
    const sender = this.#sender
    for (;;) {
      const block = sender.peek()
      if (block === NOTHING) break
      if (this.#sendRun(block, now)) continue
      const packet = block === 0 ? this.#opening : this.#source.packet(block)
      if (packet === undefined) {
        void this.#load(block)
        return
      }
      this.#wire.send(packet)
      sender.sent(block, now)
    }
    if (sender.finished) this.#finish({ outcome: 'done' })
    else if (sender.exhausted)
      this.#finish({ outcome: this.allButConfirmed ? 'unconfirmed' : 'time-out' })
    else this.#source.release(sender.acked)
  }

  /** Sends the blocks from `block` on in one call, where wire and source can. */
  #sendRun(block: number, now: number): boolean {
    const wire = this.#wire
    const sender = this.#sender
    const left = sender.left
    if (left < 2 || block === 0 || !wire.sendRun) return false
    const run = this.#source.run?.(block, left)
    if (!run || run.blocks < 2 || !wire.sendRun(run.bytes, run.packetBytes)) return false
    for (let i = 0; i < run.blocks; i++) sender.sent(block + i, now)
    return true
  }

  /** Never rejects. */
  async #load(block: number): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    this.#loadUntil = this.#clock() + this.#loadTimeoutMs
    try {
      await this.#source.load(block)
      this.#loading = false
      this.#sender.lastBlock = this.#source.lastBlock
      if (!this.#ended) this.#pump(this.#clock())
    } catch (error) {
      this.#failed(errorOf(error))
    }
    this.#onChange()
  }

  #failed(error: Error): void {
    const message = 'the file could not be read'
    this.stop({ outcome: 'failed', code: ErrorCode.UNDEFINED, message, error })
  }

  stop(end: TransferEnd): void {
    if (this.#ended) return
    if (end.code !== undefined) {
      const { code, message = '' } = end
      this.#wire.send(encode({ opcode: Opcode.ERROR, code, message }))
    }
    this.#finish(end)
  }

  #finish(end: TransferEnd): void {
    this.#ended = end
    this.#source.close()
  }
}
