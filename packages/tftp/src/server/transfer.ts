import {
  endChannel,
  progressChannel,
  startChannel,
  type Endpoint,
  type TransferInfo,
  type TransferRecord,
} from '../channels.ts'
import { ErrorCode, Opcode } from '../codec/opcodes.ts'
import { encode } from '../codec/packet.ts'
import type { Request } from '../codec/request.ts'
import type { Timed } from '../io/wheel.ts'
import { logServer } from '../log.ts'
import type { Agreement } from '../session/negotiate.ts'
import type { Ending } from '../session/outcome.ts'
import type { Session } from '../session/session.ts'
import { denialOf } from './denial.ts'
import type { Granted, Shared } from './grant.ts'
import { grant } from './grant.ts'
import type { Refusal, TftpRequest } from './handlers.ts'
import type { TransferWire } from './transfer-socket.ts'

const PROGRESS_MS = 1000
/** An identical request this soon is a copy (Raspberry Pi sends two or three within 9 ms), later a new start. */
const REPEAT_MS = 1000

let lastId = 0

/** One request and what became of it. */
export class Transfer implements Timed {
  readonly #shared: Shared
  readonly #request: Request
  readonly #info: TransferInfo
  readonly #local: Endpoint
  readonly #startedAt: number
  readonly #abort = new AbortController()
  readonly #onEnd: (transfer: Transfer) => void
  #wire: TransferWire | undefined
  #session: Session | undefined
  #agreement: Agreement | undefined
  #size: number | undefined
  #context: unknown = null
  #visitAt = Infinity
  #progressAt: number
  #ending: Ending | undefined
  #heard = false
  #reported = false

  constructor(
    shared: Shared,
    request: Request,
    ends: { readonly remote: Endpoint; readonly local: Endpoint },
    onEnd: (transfer: Transfer) => void,
  ) {
    this.#shared = shared
    this.#request = request
    this.#local = ends.local
    this.#onEnd = onEnd
    this.#startedAt = shared.clock()
    this.#progressAt = this.#startedAt
    this.#info = {
      id: ++lastId,
      instance: shared.instance,
      operation: request.opcode === Opcode.RRQ ? 'read' : 'write',
      peer: ends.remote,
      local: ends.local.address,
      file: request.filename,
      mode: request.mode,
    }
  }

  get peer(): Endpoint {
    return this.#info.peer
  }

  get deadline(): number {
    return this.#session?.deadline ?? Infinity
  }

  /** True for a copy of the request that this transfer is answering already. */
  isRepeatedBy(request: Request, now: number): boolean {
    const mine = this.#request
    const same =
      mine.opcode === request.opcode &&
      mine.filename === request.filename &&
      mine.mode === request.mode
    return same && (!this.#heard || now - this.#startedAt < REPEAT_MS)
  }

  /** True while it only waits whether its last ACK has to be repeated. */
  get isDallying(): boolean {
    return this.#reported && !this.#ending
  }

  /** Answers the request and sees the transfer through. Never rejects. */
  async run(): Promise<void> {
    try {
      const granted = await this.#ask()
      if (this.#ending) {
        if (granted && 'discard' in granted) granted.discard()
        return
      }
      if ('refused' in granted) await this.#deny(granted)
      else await this.#begin(granted)
    } catch (error) {
      await this.#deny(denialOf(error))
    }
  }

  async #ask(): Promise<Granted | Refusal> {
    const { filename, rawName, mode, options } = this.#request
    if (mode !== 'octet' && mode !== 'netascii') {
      return {
        refused: { code: ErrorCode.ILLEGAL_OPERATION, message: 'this mode is not supported' },
      }
    }
    const { signal } = this.#abort
    const request: TftpRequest = {
      filename,
      rawName,
      mode,
      options,
      remote: this.#info.peer,
      local: this.#local,
      signal,
    }
    return grant(this.#shared, this.#info.operation, request)
  }

  async #deny({ refused, context }: Refusal): Promise<void> {
    if (this.#ending) return
    if (context !== undefined) this.#context = context
    const ending = { outcome: 'denied', ...refused } as const
    try {
      const wire = this.#wire ?? (await this.#open())
      this.#wire = wire
      if (this.#ending) wire.close()
      else wire.send(encode({ opcode: Opcode.ERROR, ...refused }))
    } catch {
      // Without a socket the client hears nothing and asks again.
    }
    this.#finish(ending)
  }

  #open(): Promise<TransferWire> {
    return this.#shared.openWire(this.#local.address, this.#info.peer, {
      onDatagram: (datagram) => this.receive(datagram),
      onGone: () => this.#onGone(),
    })
  }

  async #begin(granted: Granted): Promise<void> {
    this.#context = granted.context ?? null
    try {
      this.#wire = await this.#open()
    } catch (error) {
      granted.discard()
      logServer('no socket for a transfer: %o', error)
      // Nothing could tell the client either: it asks again.
      this.#finish({ outcome: 'failed' })
      return
    }
    if (this.#ending) {
      granted.discard()
      this.#wire.close()
      return
    }
    this.#agreement = granted.agreement
    this.#size = granted.size
    this.#session = granted.begin(this.#wire, () => this.#settle())
    if (startChannel.hasSubscribers) startChannel.publish(this.#start())
    this.#session.start(this.#shared.clock())
    this.#settle()
  }

  /** A datagram from the client. */
  receive(datagram: Uint8Array): void {
    const session = this.#session
    if (!session) return
    this.#heard = true
    session.receive(datagram, this.#shared.clock())
    if (session.deadline < this.#visitAt || session.ending) this.#settle()
  }

  visit(now: number): void {
    const session = this.#session
    if (!session) return
    if (now >= session.deadline) session.onTime(now)
    if (now - this.#startedAt > this.#shared.settings.maxTransferMs)
      this.cancel('the transfer takes too long')
    if (progressChannel.hasSubscribers && now - this.#progressAt >= PROGRESS_MS)
      this.#tellProgress(now, session)
    this.#settle()
  }

  #tellProgress(now: number, session: Session): void {
    this.#progressAt = now
    progressChannel.publish({
      ...this.#info,
      timeMs: Date.now(),
      bytes: session.bytes,
      size: this.#size ?? null,
      context: this.#context,
    })
  }

  /** Looks at the session after anything has happened to it. */
  #settle(): void {
    const session = this.#session
    if (!session || this.#ending) return
    if (session.ending) {
      this.#finish(session.ending)
      return
    }
    // An upload is done once it is stored; what follows is only dallying for a lost last ACK.
    if (session.isStored) this.#report({ outcome: 'done' })
    this.#visitAt = this.#shared.wheel.watch(this)
  }

  #onGone(): void {
    const session = this.#session
    if (!session) this.#finish({ outcome: 'client-gone' })
    else if (session.allButConfirmed) session.stop({ outcome: 'unconfirmed' })
    else session.stop({ outcome: 'client-gone' })
    this.#settle()
  }

  /** Ends it from this side; the client is told. */
  cancel(message: string, outcome: 'cancelled' | 'superseded' = 'cancelled'): void {
    const ending = { outcome, code: ErrorCode.UNDEFINED, message } as const
    // A client that starts anew on the same port would take the ERROR for an answer to its new request.
    if (this.#session) this.#session.stop(outcome === 'superseded' ? { outcome } : ending)
    else this.#finish({ outcome })
    this.#settle()
  }

  #start(): Omit<
    TransferRecord,
    'outcome' | 'bytes' | 'blocks' | 'resends' | 'durationMs' | 'errorCode' | 'errorMessage'
  > {
    return {
      ...this.#info,
      timeMs: Date.now(),
      options: { ...this.#agreement?.options },
      size: this.#size ?? null,
      context: this.#context,
    }
  }

  #finish(ending: Ending): void {
    if (this.#ending) return
    this.#ending = ending
    this.#shared.wheel.forget(this)
    this.#wire?.close()
    if (ending.outcome !== 'done') this.#abort.abort()
    // First, so that an `onTransfer` that throws keeps no place taken.
    this.#onEnd(this)
    this.#report(ending)
  }

  #report(ending: Ending): void {
    if (this.#reported) return
    this.#reported = true
    const session = this.#session
    const record: TransferRecord = {
      ...this.#start(),
      outcome: ending.outcome,
      bytes: session?.bytes ?? 0,
      blocks: session?.blocks ?? 0,
      resends: session?.resends ?? 0,
      durationMs: this.#shared.clock() - this.#startedAt,
      errorCode: ending.code ?? null,
      errorMessage: ending.message ?? null,
    }
    logServer(
      '%s %s %s %d bytes',
      record.operation,
      JSON.stringify(record.file),
      record.outcome,
      record.bytes,
    )
    if (endChannel.hasSubscribers) endChannel.publish(record)
    this.#shared.settings.onTransfer?.(record)
  }
}
