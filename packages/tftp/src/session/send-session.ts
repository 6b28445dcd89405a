import { ErrorCode, HEADER_BYTES, Opcode } from '../codec/opcodes.ts'
import { encode, safeDecode } from '../codec/packet.ts'
import type { Ending } from './outcome.ts'
import { NOTHING, Sender, type SenderOptions } from './sender.ts'
import type { Clock, Session, Wire } from './session.ts'
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
}

/** Sends a file: a read request at the server, or a write at the client once it was granted. */
export class SendSession implements Session {
  readonly #wire: Wire
  readonly #clock: Clock
  readonly #source: Source
  readonly #sender: Sender
  readonly #opening: Uint8Array | undefined
  readonly #sizeAsked: boolean
  #loading = false
  #ending: Ending | undefined

  constructor({ wire, clock, source, sender, opening, sizeAsked = false }: SendSessionOptions) {
    this.#wire = wire
    this.#clock = clock
    this.#source = source
    this.#opening = opening
    this.#sizeAsked = sizeAsked
    this.#sender = new Sender({ ...sender, firstBlock: opening ? 0 : 1 })
    this.#sender.lastBlock = source.lastBlock
  }

  get deadline(): number {
    return this.#sender.deadline
  }

  get ending(): Ending | undefined {
    return this.#ending
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
    if (this.#ending) return
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
    this.#end({ outcome, code: packet.code, message: packet.message })
  }

  onTime(now: number): void {
    if (this.#ending) return
    this.#sender.onTime(now)
    this.#pump(now)
  }

  /** Sends whatever may be sent. The seam for a faster tier: a run of packets lies in one chunk, back to back. */
  #pump(now: number): void {
    const sender = this.#sender
    for (;;) {
      const block = sender.peek()
      if (block === NOTHING) break
      const packet = block === 0 ? this.#opening : this.#source.packet(block)
      if (packet === undefined) {
        void this.#load(block)
        return
      }
      this.#wire.send(packet)
      sender.sent(block, now)
    }
    if (sender.finished) this.#end({ outcome: 'done' })
    else if (sender.exhausted)
      this.#end({ outcome: this.allButConfirmed ? 'unconfirmed' : 'time-out' })
    else this.#source.release(sender.acked)
  }

  async #load(block: number): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    try {
      await this.#source.load(block)
    } catch (error) {
      this.stop({
        outcome: 'failed',
        code: ErrorCode.UNDEFINED,
        message: 'the file could not be read',
        error: error instanceof Error ? error : new Error(String(error)),
      })
    }
    this.#loading = false
    this.#sender.lastBlock = this.#source.lastBlock
    if (!this.#ending) this.#pump(this.#clock())
    this.onLoaded()
  }

  /** Called after a load: the owner looks at `deadline` and `ending` again. */
  onLoaded: () => void = () => {}

  stop(ending: Ending): void {
    if (this.#ending) return
    if (ending.code !== undefined) {
      const { code, message = '' } = ending
      this.#wire.send(encode({ opcode: Opcode.ERROR, code, message }))
    }
    this.#end(ending)
  }

  #end(ending: Ending): void {
    this.#ending = ending
    this.#source.close()
  }
}
