import { Buffer } from 'node:buffer'

import type { Endpoint } from '../src/channels.ts'
import { Opcode } from '../src/codec/opcodes.ts'
import { encode } from '../src/codec/packet.ts'
import { decodeRequest, type Request } from '../src/codec/request.ts'
import { bytesLoader, ChunkSource } from '../src/session/chunk-source.ts'
import { layoutOf } from '../src/session/chunk.ts'
import { ClientSession } from '../src/session/client-session.ts'
import { negotiate, type Negotiated } from '../src/session/negotiate.ts'
import type { TransferEnd } from '../src/session/outcome.ts'
import { ReceiveSession } from '../src/session/receive-session.ts'
import { SendSession } from '../src/session/send-session.ts'
import type { TransferSession, Wire } from '../src/session/session.ts'
import { Agenda } from './agenda.ts'
import { FaultyLines, type Faults } from './faulty-lines.ts'
import type { Random } from './random.ts'

/** One transfer on a faulty network. */
export interface Scenario {
  readonly operation: 'read' | 'write'
  readonly bytes: Buffer
  readonly blockSize: number
  readonly windowSize: number
  readonly tsize: boolean
  readonly rollover: 0 | 1
  readonly faults: Faults
  /** Whether wires take runs of blocks; every third one they refuse. Default: they take single blocks only. */
  readonly runs?: boolean
}

/** What came of it. */
export interface Report {
  readonly client: TransferEnd
  readonly server: readonly TransferEnd[]
  /** What arrived, where the receiving side says that all did. */
  readonly arrived: Buffer | undefined
  readonly dataSent: number
  /** Runs of blocks that were tried. */
  readonly runs: number
  readonly mishaps: number
  readonly durationMs: number
  /** Sources and sinks that nobody closed, and sessions without an end. */
  readonly left: number
}

const CLIENT: Endpoint = { address: '192.0.2.2', port: 2000 }
const SERVER: Endpoint = { address: '192.0.2.1', port: 69 }
const RETRIES = 8
/** Nothing may go on for longer than this. */
const LONGEST_MS = 600_000

/** A whole transfer in memory, on a clock of its own: the same scenario and random numbers, the same report. */
export class Network {
  readonly #scenario: Scenario
  readonly #agenda = new Agenda()
  readonly #lines: FaultyLines
  readonly #sessions = new Map<number, TransferSession>()
  readonly #client: ClientSession
  readonly #open = new Set<string>()
  #arrived: Buffer[] = []
  #complete = false
  #nextPort = 3000
  #dataSent = 0
  #runs = 0
  #request: Buffer | undefined

  constructor(scenario: Scenario, random: Random) {
    this.#scenario = scenario
    this.#lines = new FaultyLines(scenario.faults, random, this.#agenda, (...what) =>
      this.#deliver(...what),
    )
    const { blockSize, windowSize, tsize, bytes, operation } = scenario
    const opcode = operation === 'read' ? Opcode.RRQ : Opcode.WRQ
    const size = operation === 'read' ? 0 : bytes.length
    this.#client = new ClientSession({
      request: { opcode, filename: 'file', mode: 'octet' },
      requested: {
        blockSize,
        windowSize,
        timeoutSeconds: undefined,
        tsize: tsize ? size : undefined,
      },
      server: SERVER,
      rto: {},
      retries: RETRIES,
      send: (datagram, to) => this.#lines.send(datagram, CLIENT, to),
      begin: (negotiated, peer) => {
        const wire = { send: (datagram: Uint8Array) => this.#lines.send(datagram, CLIENT, peer) }
        return operation === 'read'
          ? this.#receiving('client', wire, negotiated, undefined)
          : this.#sending('client', wire, negotiated, undefined)
      },
    })
  }

  /** Runs until nothing is left to happen. */
  run(): Report {
    const agenda = this.#agenda
    this.#client.start(0)
    for (;;) {
      const owners = [this.#client, ...this.#sessions.values()].filter(({ end }) => !end)
      const deadline = Math.min(...owners.map((owner) => owner.deadline))
      const at = Math.min(deadline, agenda.nextAt)
      if (at === Infinity || at > LONGEST_MS) break
      agenda.now = Math.max(agenda.now, at)
      if (agenda.nextAt <= deadline) agenda.runNext()
      else for (const owner of owners) if (owner.deadline <= agenda.now) owner.onTime(agenda.now)
    }
    return this.#report()
  }

  #report(): Report {
    const sessions = [...this.#sessions.values()]
    const endless = sessions.filter(({ end }) => !end).length + (this.#client.end ? 0 : 1)
    return {
      client: this.#client.end ?? { outcome: 'failed', message: 'no end' },
      server: sessions.flatMap(({ end }) => end ?? []),
      arrived: this.#complete ? Buffer.concat(this.#arrived) : undefined,
      dataSent: this.#dataSent,
      runs: this.#runs,
      mishaps: this.#lines.mishaps,
      durationMs: this.#agenda.now,
      left: this.#open.size + endless,
    }
  }

  #sending(
    who: string,
    wire: Wire,
    negotiated: Negotiated,
    opening: Uint8Array | undefined,
  ): SendSession {
    const { bytes, rollover, tsize, runs } = this.#scenario
    const layout = layoutOf(bytes.length, negotiated.blockSize, rollover)
    const key = `source ${who} ${this.#nextPort}`
    this.#open.add(key)
    const counting: Wire = {
      send: (datagram) => {
        if (datagram[1] === Opcode.DATA) this.#dataSent++
        wire.send(datagram)
      },
      ...(runs && { sendRun: (run, datagramBytes) => this.#sendRun(counting, run, datagramBytes) }),
    }
    return new SendSession({
      wire: counting,
      clock: () => this.#agenda.now,
      onChange: () => {},
      source: new ChunkSource(layout, bytesLoader(bytes, layout), () => this.#open.delete(key)),
      opening,
      sizeAsked: tsize,
      sender: {
        windowSize: negotiated.windowSize,
        rollover,
        rto: {},
        retries: RETRIES,
        patienceMs: LONGEST_MS,
        unansweredSends: who === 'server' ? 3 : RETRIES,
        finalRetries: RETRIES,
      },
    })
  }

  /** What a kernel does with a run. */
  #sendRun(wire: Wire, run: Uint8Array, datagramBytes: number): boolean {
    this.#runs++
    if (this.#runs % 3 === 0) return false
    for (let at = 0; at < run.length; at += datagramBytes)
      wire.send(run.subarray(at, at + datagramBytes))
    return true
  }

  #receiving(
    who: string,
    wire: Wire,
    negotiated: Negotiated,
    opening: Uint8Array | undefined,
  ): ReceiveSession {
    const { rollover, operation } = this.#scenario
    const key = `sink ${who} ${this.#nextPort}`
    this.#open.add(key)
    const pieces: Buffer[] = []
    return new ReceiveSession({
      wire,
      clock: () => this.#agenda.now,
      onChange: () => {},
      sink: {
        write: (piece) => void pieces.push(Buffer.from(piece)),
        end: () => {
          this.#open.delete(key)
          this.#arrived = pieces
          this.#complete = true
        },
        abort: () => this.#open.delete(key),
      },
      receiver: {
        windowSize: negotiated.windowSize,
        rollover,
        rto: { minMs: 100 },
        retries: RETRIES,
        patienceMs: LONGEST_MS,
        unansweredSends: RETRIES,
      },
      blockSize: negotiated.blockSize,
      // What a writing client announces is no promise (RFC 2349).
      expectedBytes: operation === 'read' ? negotiated.announcedBytes : undefined,
      opening,
      dallyMs: 500,
    })
  }

  #accept(request: Request, from: Endpoint): void {
    const { operation, bytes } = this.#scenario
    const port = this.#nextPort++
    const policy = { maxBlockSize: 65_464, maxWindowSize: 64, refuse: [] }
    const what =
      operation === 'read' ? { read: true as const, size: bytes.length } : { read: false as const }
    const negotiated = negotiate(request.options, policy, what)
    const wire = {
      send: (datagram: Uint8Array) =>
        this.#lines.send(datagram, { address: SERVER.address, port }, from),
    }
    const { options } = negotiated
    const opening =
      Object.keys(options).length > 0 ? encode({ opcode: Opcode.OACK, options }) : undefined
    const session =
      operation === 'read'
        ? this.#sending('server', wire, negotiated, opening)
        : this.#receiving('server', wire, negotiated, opening)
    this.#sessions.set(port, session)
    session.start(this.#agenda.now)
  }

  #deliver(datagram: Buffer, from: Endpoint, to: Endpoint): void {
    const { now } = this.#agenda
    if (to.address === CLIENT.address) {
      if (to.port === CLIENT.port) this.#client.receive(datagram, now, from)
    } else if (to.port === SERVER.port) {
      this.#deliverRequest(datagram, from)
    } else if (from.port === CLIENT.port) {
      // A connected socket: the kernel keeps everybody else out.
      this.#sessions.get(to.port)?.receive(datagram, now)
    }
  }

  /** The server's rule: a copy of a request that is being answered is dropped. */
  #deliverRequest(datagram: Buffer, from: Endpoint): void {
    const busy = [...this.#sessions.values()].some(({ end }) => !end)
    if (from.port !== CLIENT.port || (busy && this.#request?.equals(datagram))) return
    let request: Request
    try {
      request = decodeRequest(datagram)
    } catch {
      return // the listener drops what is no request
    }
    this.#request = datagram
    for (const session of this.#sessions.values()) session.stop({ outcome: 'superseded' })
    this.#accept(request, from)
  }
}
