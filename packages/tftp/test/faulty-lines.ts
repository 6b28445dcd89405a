import { Buffer } from 'node:buffer'

import type { Endpoint } from '../src/channels.ts'
import { Opcode } from '../src/codec/opcodes.ts'
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'

/** How likely each mishap is, per datagram, and how slow the network is. */
export interface Faults {
  readonly loss: number
  readonly duplication: number
  /** Held back long enough for others to overtake. */
  readonly reorder: number
  /** Held back longer than any time-out expects. */
  readonly stall: number
  readonly truncation: number
  /** Opcode or block number overwritten. */
  readonly corruption: number
  /** A copy from a port that has no part in the transfer. */
  readonly stranger: number
  readonly delayMs: number
}

export const NO_FAULTS: Faults = {
  loss: 0,
  duplication: 0,
  reorder: 0,
  stall: 0,
  truncation: 0,
  corruption: 0,
  stranger: 0,
  delayMs: 1,
}

/** Carries datagrams, or does not. */
export class FaultyLines {
  readonly #faults: Faults
  readonly #random: Random
  readonly #agenda: Agenda
  readonly #deliver: (datagram: Buffer, from: Endpoint, to: Endpoint) => void
  mishaps = 0

  constructor(
    faults: Faults,
    random: Random,
    agenda: Agenda,
    deliver: (datagram: Buffer, from: Endpoint, to: Endpoint) => void,
  ) {
    this.#faults = faults
    this.#random = random
    this.#agenda = agenda
    this.#deliver = deliver
  }

  send(datagram: Uint8Array, from: Endpoint, to: Endpoint): void {
    const { loss, duplication, stranger } = this.#faults
    const random = this.#random
    if (this.#happens(stranger))
      this.#carry(Buffer.from(datagram), { ...from, port: 9 + random.below(50_000) }, to)
    if (this.#happens(loss)) return
    this.#carry(this.#damaged(datagram), from, to)
    if (this.#happens(duplication)) this.#carry(Buffer.from(datagram), from, to)
  }

  #happens(probability: number): boolean {
    const happens = probability > 0 && this.#random.next() < probability
    if (happens) this.mishaps++
    return happens
  }

  #carry(datagram: Buffer, from: Endpoint, to: Endpoint): void {
    const { delayMs, reorder, stall } = this.#faults
    let delay = delayMs * (1 + 0.1 * this.#random.next())
    if (this.#happens(reorder)) delay += delayMs * (1 + 4 * this.#random.next())
    if (this.#happens(stall)) delay += 2000 * this.#random.next()
    // Equal ways keep their order: only `reorder` and `stall` let one overtake another.
    const way = delay > delayMs * 1.1 ? undefined : `${from.port} ${to.port}`
    this.#agenda.add(this.#agenda.now + delay, way, () => this.#deliver(datagram, from, to))
  }

  #damaged(datagram: Uint8Array): Buffer {
    const { truncation, corruption } = this.#faults
    const copy = Buffer.from(datagram)
    const isBlock = copy[1] === Opcode.DATA || copy[1] === Opcode.ACK
    if (isBlock && this.#happens(truncation))
      return copy.subarray(0, this.#random.below(copy.length))
    if (isBlock && this.#happens(corruption)) {
      // Far away: a forged number that is just the next one looks like the truth to everybody.
      if (this.#random.next() < 0.5)
        copy.writeUInt16BE((copy.readUInt16BE(2) + 2000 + this.#random.below(30_000)) & 0xffff, 2)
      else copy.writeUInt16BE(this.#random.below(0x10000), 0)
    }
    return copy
  }
}
