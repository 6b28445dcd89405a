import { getSystemErrorName } from 'node:util'

import { parseAddress } from './address.ts'
import { checked, inRange, invalid } from './errors.ts'
import { zoneIndex } from './interfaces.ts'
import type { Native } from './native.ts'
import type { Received } from './received.ts'
import { FIELD, ROW_HAS_LOCAL, Rows } from './rows.ts'

/** One datagram, or with `segmentBytes` a run of them, to send. */
export interface Outgoing {
  readonly bytes: Uint8Array
  /** Numeric address of the peer. Absent on a connected socket. */
  readonly address?: string
  readonly port?: number
  /** Numeric address to send from: one of the host's own. Default: the socket's, or as the kernel routes. */
  readonly source?: string
  /** Interface to send on (its index). Default: as the kernel routes. */
  readonly interfaceIndex?: number
  /** IPv6 hop limit of this datagram. */
  readonly hopLimit?: number
  /** Cut `bytes` into datagrams of so many bytes (`UDP_SEGMENT`), for this call only. */
  readonly segmentBytes?: number
}

/** How a datagram of a batch fared: `name` of the error (`ENETUNREACH`), by its number in the batch. */
export interface SendFailure {
  readonly index: number
  readonly code: string
}

const addressBytes = (text: string): { family: 4 | 6; bytes: Uint8Array; zone?: string } => {
  const parsed = parseAddress(text)
  if (!parsed) throw invalid('sendmmsg', `${JSON.stringify(text)} is no numeric address`)
  return parsed
}

/** Collects datagrams, copies of their bytes, and sends them in one system call. */
export class Outbox {
  readonly #native: Native
  readonly #rows: Rows
  readonly #bytes: Uint8Array
  #count = 0
  #used = 0

  constructor(native: Native, rows: number, bytes: number) {
    this.#native = native
    this.#rows = new Rows(rows)
    this.#bytes = new Uint8Array(bytes)
  }

  /** How many datagrams wait to be sent. */
  get count(): number {
    return this.#count
  }

  /** Adds a datagram; false when there is no room left. @throws {SocketHelperError} `EINVAL` for an address that is none. */
  add(datagram: Outgoing): boolean {
    if (!this.#fits(datagram.bytes)) return false
    const row = this.#count
    this.#rows.clear(row)
    if (datagram.address !== undefined) this.#peer(row, datagram.address, datagram.port ?? 0)
    if (datagram.source !== undefined) this.#source(row, datagram.source)
    const { interfaceIndex = 0, hopLimit = 0, segmentBytes = 0 } = datagram
    this.#rows.setU32(
      row,
      FIELD.interface,
      inRange('sendmmsg', 'interface index', interfaceIndex, 0xffff_ffff),
    )
    this.#rows.setU16(row, FIELD.hopLimit, inRange('sendmmsg', 'hop limit', hopLimit, 255))
    this.#rows.setU32(row, FIELD.segment, inRange('sendmmsg', 'segment', segmentBytes, 0xffff))
    this.#append(datagram.bytes)
    return true
  }

  /**
   * Adds an answer to datagram `i`: to its sender, from the address it was sent to, on the interface it came in by unless
   * `routed` says that the kernel shall choose. False when there is no room left.
   */
  answer(received: Received, i: number, bytes: Uint8Array, { routed = false } = {}): boolean {
    if (!this.#fits(bytes)) return false
    const rows = this.#rows
    const row = this.#count
    rows.copy(row, received.rows, i)
    const isMulticast = rows.u16(row, FIELD.family) === 6 && rows.u8(row, FIELD.local) === 0xff
    const hasSource = !isMulticast && (rows.u16(row, FIELD.flags) & ROW_HAS_LOCAL) !== 0
    rows.setU16(row, FIELD.flags, hasSource ? ROW_HAS_LOCAL : 0)
    if (rows.u16(row, FIELD.family) === 4) rows.move(row, FIELD.local + 4, FIELD.local, 4)
    if (routed) rows.setU32(row, FIELD.interface, 0)
    rows.setU16(row, FIELD.hopLimit, 0)
    rows.setU32(row, FIELD.segment, 0)
    this.#append(bytes)
    return true
  }

  /**
   * Sends what was added, and is empty afterwards.
   *
   * A datagram that the kernel refuses does not hold up the others; the failures are returned. `EAGAIN`: the socket's send
   * buffer is full, that datagram and those after it were not sent.
   * @throws {SocketHelperError} `EBADF`, `ENOTSOCK` when the descriptor is no open socket.
   */
  send(fd: number): readonly SendFailure[] {
    const count = this.#count
    this.#count = 0
    this.#used = 0
    if (count === 0) return []
    const sent = checked(this.#native.send(fd, this.#bytes, this.#rows.bytes, count), 'sendmmsg')
    return sent === count ? [] : this.#failures(count)
  }

  #failures(count: number): readonly SendFailure[] {
    const failures: SendFailure[] = []
    for (let index = 0; index < count; index++) {
      const error = this.#rows.error(index)
      if (error !== 0) failures.push({ index, code: getSystemErrorName(-error) })
    }
    return failures
  }

  #fits(bytes: Uint8Array): boolean {
    return this.#count < this.#rows.count && this.#used + bytes.length <= this.#bytes.length
  }

  #append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#used)
    this.#rows.setU32(this.#count, FIELD.offset, this.#used)
    this.#rows.setU32(this.#count, FIELD.length, bytes.length)
    this.#used += bytes.length
    this.#count++
  }

  #peer(row: number, address: string, port: number): void {
    const { family, bytes, zone } = addressBytes(address)
    this.#rows.setU16(row, FIELD.family, family)
    this.#rows.setU16(row, FIELD.port, inRange('sendmmsg', 'port', port, 0xffff))
    this.#rows.setBytes(row, FIELD.address, bytes)
    if (zone !== undefined) this.#rows.setU32(row, FIELD.scope, zoneIndex(this.#native, zone))
  }

  #source(row: number, address: string): void {
    const { family, bytes } = addressBytes(address)
    if (family !== this.#rows.u16(row, FIELD.family)) {
      throw invalid(
        'sendmmsg',
        `source ${address} is of another family than the peer, or there is no peer`,
      )
    }
    this.#rows.setBytes(row, FIELD.local, bytes)
    this.#rows.setU16(row, FIELD.flags, ROW_HAS_LOCAL)
  }
}
