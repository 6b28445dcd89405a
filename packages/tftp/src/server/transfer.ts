import {
  endChannel,
  progressChannel,
  startChannel,
  type Endpoint,
  type ErrorRecord,
  type TransferInfo,
  type TransferRecord,
  type TransferStart,
} from '../channels.ts'
import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode } from '../codec/packet.ts'
import type { Request } from '../codec/request.ts'
import { refuse } from '../content/answers.ts'
import { logServer } from '../log.ts'
import { Driver } from '../session/driver.ts'
import type { Negotiated } from '../session/negotiate.ts'
import type { TransferEnd } from '../session/outcome.ts'
import type { TransferSession } from '../session/session.ts'
import { accept, type Accepted, type Shared } from './accept.ts'
import type { TftpRequest } from './handlers.ts'
import { turnedBy, turnedDown, type Turned } from './refusals.ts'
import type { TransferWire } from './transfer-socket.ts'

const PROGRESS_MS = 1000
/** So soon after the client's last packet its request is a late copy (Raspberry Pi sends three), not a new start. */
const REPEAT_MS = 250

let lastId = 0

const sameOptions = (a: Request['options'], b: Request['options']): boolean => {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

const recordOf = (error: Error): ErrorRecord => ({
  name: error.name,
  message: error.message,
  ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
})

/** What a {@link Transfer} tells its server. */
export interface TransferEvents {
  /** The client has answered: it is there, and its address is its own. */
  readonly onAnswered: () => void
  readonly onEnded: (transfer: Transfer) => void
  /** There is an end to record, now or while it still dallies. */
  readonly onRecord: (record: TransferRecord, error: Error | undefined) => void
}

/** One request and what became of it. */
export class Transfer {
  readonly #shared: Shared
  readonly #request: Request
  readonly #info: TransferInfo
  readonly #local: Endpoint
  readonly #startedAt: number
  readonly #abort = new AbortController()
  readonly #events: TransferEvents
  #wire: TransferWire | undefined
  #driver: Driver<TransferSession> | undefined
  #negotiated: Negotiated | undefined
  #size: number | undefined
  #context: unknown
  #answered = false
  #ended = false
  #reported = false

  constructor(
    shared: Shared,
    request: Request,
    ends: { readonly peer: Endpoint; readonly local: Endpoint },
    events: TransferEvents,
  ) {
    this.#shared = shared
    this.#request = request
    this.#local = ends.local
    this.#events = events
    this.#startedAt = shared.clock()
    this.#info = {
      id: ++lastId,
      instance: shared.instance,
      operation: request.opcode === Opcode.RRQ ? 'read' : 'write',
      peer: ends.peer,
      local: ends.local.address,
      file: request.filename,
      mode: request.mode,
    }
  }

  /** True for a copy of the request that this transfer is answering already. */
  isRepeatedBy(request: Request, now: number): boolean {
    const mine = this.#request
    const same =
      mine.opcode === request.opcode &&
      mine.filename === request.filename &&
      mine.mode === request.mode &&
      // Whoever did not understand the OACK asks again without options (facebookarchive/fbtftp#51).
      sameOptions(mine.options, request.options)
    const heardAt = this.#driver?.heardAt ?? -Infinity
    return same && (!this.#answered || now - heardAt < REPEAT_MS)
  }

  /** True once the client has sent anything to the transfer's own port. */
  get isAnswered(): boolean {
    return this.#answered
  }

  /** True while it only waits whether its last ACK has to be repeated. */
  get isDallying(): boolean {
    return this.#reported && !this.#ended
  }

  /** Answers the request and sees the transfer through. Never rejects. */
  async run(): Promise<void> {
    const answer = await this.#ask().catch((error: unknown) => turnedBy(error))
    if ('end' in answer) await this.#turn(answer)
    else if (this.#ended) answer.discard()
    else await this.#begin(answer)
  }

  async #ask(): Promise<Accepted | Turned> {
    const { filename, rawName, mode, options } = this.#request
    if (mode !== 'octet' && mode !== 'netascii')
      return turnedDown(refuse(ErrorCode.ILLEGAL_OPERATION, 'this mode is not supported'))
    const { peer, operation } = this.#info
    const { signal } = this.#abort
    const local = this.#local
    const request: TftpRequest = { filename, rawName, mode, options, peer, local, signal }
    return accept(this.#shared, operation, request)
  }

  /** Tells the client why it gets nothing. */
  async #turn({ end, context }: Turned): Promise<void> {
    if (this.#ended) return
    this.#context = context
    const { code = ErrorCode.UNDEFINED, message = '' } = end
    try {
      const wire = await this.#open()
      if (!this.#ended) wire.send(encode({ opcode: Opcode.ERROR, code, message }))
    } catch (error) {
      // The client hears nothing and asks again.
      logServer('no socket for a refusal: %o', error)
    }
    this.#finish(end)
  }

  async #open(): Promise<TransferWire> {
    const wire = await this.#shared.openWire(this.#local.address, this.#info.peer, {
      onDatagram: (datagram) => this.#receive(datagram),
      onGone: () => this.#onGone(),
      onTooLong: () => this.#driver?.lost(),
    })
    if (this.#ended) wire.close()
    else this.#wire = wire
    return wire
  }

  async #begin(accepted: Accepted): Promise<void> {
    this.#context = accepted.context
    try {
      const wire = await this.#open()
      if (this.#ended) accepted.discard()
      else this.#drive(accepted, wire)
    } catch (thrown) {
      accepted.discard()
      // Nothing could tell the client either: it asks again.
      const { error } = turnedBy(thrown, accepted.context).end
      this.#finish({ outcome: 'failed', ...(error && { error }) })
    }
  }

  #drive(accepted: Accepted, wire: TransferWire): void {
    const { clock, wheel, settings } = this.#shared
    this.#negotiated = accepted.negotiated
    this.#size = accepted.size
    const driver = new Driver<TransferSession>({
      clock,
      wheel,
      begin: (onChange) => accepted.begin(wire, onChange),
      maxMs: settings.limits.maxTransferMs,
      progressMs: PROGRESS_MS,
      onProgress: (session) => this.#tellProgress(session),
      // An upload is done once it is stored; what follows is only dallying for a lost last ACK.
      onStored: () => this.#report({ outcome: 'done' }),
      onEnd: (end) => this.#finish(end),
    })
    this.#driver = driver
    if (startChannel.hasSubscribers) startChannel.publish(this.#start())
    driver.start()
  }

  /** A datagram from the client. */
  #receive(datagram: Uint8Array): void {
    if (!this.#answered) {
      this.#answered = true
      this.#events.onAnswered()
    }
    this.#driver?.receive(datagram)
  }

  #tellProgress(session: TransferSession): void {
    if (!progressChannel.hasSubscribers) return
    progressChannel.publish({
      ...this.#info,
      ...this.#known(),
      timeMs: Date.now(),
      bytes: session.bytes,
    })
  }

  #onGone(): void {
    const driver = this.#driver
    if (!driver) this.#finish({ outcome: 'client-gone' })
    else driver.stop({ outcome: driver.session.allButConfirmed ? 'unconfirmed' : 'client-gone' })
  }

  /** Ends it from this side; the client is told. */
  cancel(message: string, outcome: 'cancelled' | 'superseded' = 'cancelled'): void {
    const end = { outcome, code: ErrorCode.UNDEFINED, message } as const
    // A client that starts anew on the same port would take the ERROR for an answer to its new request.
    if (this.#driver) this.#driver.stop(outcome === 'superseded' ? { outcome } : end)
    else this.#finish({ outcome })
  }

  /** What may be known or not: absent, where it is not. */
  #known(): Pick<TransferStart, 'size' | 'context'> {
    return {
      ...(this.#size === undefined ? {} : { size: this.#size }),
      ...(this.#context === undefined ? {} : { context: this.#context }),
    }
  }

  #start(): TransferStart {
    const { oddities } = this.#request
    return {
      ...this.#info,
      ...this.#known(),
      timeMs: Date.now(),
      options: { ...this.#negotiated?.options },
      ...(oddities ? { oddities } : {}),
    }
  }

  #finish(end: TransferEnd): void {
    if (this.#ended) return
    this.#ended = true
    this.#wire?.close()
    if (end.outcome !== 'done') this.#abort.abort()
    // First, so that whatever a listener does, no place stays taken.
    this.#events.onEnded(this)
    this.#report(end)
  }

  #report({ outcome, code, message, error }: TransferEnd): void {
    if (this.#reported) return
    this.#reported = true
    const session = this.#driver?.session
    const record: TransferRecord = {
      ...this.#start(),
      outcome,
      bytes: session?.bytes ?? 0,
      blocks: session?.blocks ?? 0,
      resends: session?.resends ?? 0,
      durationMs: this.#shared.clock() - this.#startedAt,
      ...(code === undefined ? {} : { errorCode: code }),
      ...(message === undefined ? {} : { errorMessage: message }),
      ...(error ? { error: recordOf(error) } : {}),
    }
    const { operation, file, bytes } = record
    logServer('%s %s %s %d bytes', operation, JSON.stringify(file), outcome, bytes)
    if (endChannel.hasSubscribers) endChannel.publish(record)
    this.#events.onRecord(record, error)
  }
}
