import { FIELD, ROW_HAS_LOCAL, ROW_TRUNCATED, type Rows } from './rows.ts'

/** IPv4: behind the destination stands our own address on the interface, the one to answer a broadcast from. */
const OWN_IPV4 = 4

/** Datagrams that arrived together. Rows and bytes are overwritten by the next batch: valid until the callback returns. */
export class Received {
  readonly rows: Rows
  readonly #bytes: Uint8Array
  /** How many there are, numbered from 0. */
  count = 0

  constructor(rows: Rows, bytes: Uint8Array) {
    this.rows = rows
    this.#bytes = bytes
  }

  /** A view of datagram `i`, not a copy; cut when `isTruncated(i)`. */
  bytes(i: number): Uint8Array {
    const start = this.rows.u32(i, FIELD.offset)
    return this.#bytes.subarray(start, start + this.rows.u32(i, FIELD.length))
  }

  /** True for a datagram that was longer than its place. */
  isTruncated(i: number): boolean {
    return (this.rows.u16(i, FIELD.flags) & ROW_TRUNCATED) !== 0
  }

  /** The sender's address; IPv4 on an IPv6 socket is `::ffff:a.b.c.d`. */
  address(i: number): string {
    return this.rows.address(i, FIELD.address)
  }

  port(i: number): number {
    return this.rows.u16(i, FIELD.port)
  }

  /** Interface index of a link-local sender, else 0. */
  scope(i: number): number {
    return this.rows.u32(i, FIELD.scope)
  }

  /** Index of the interface it came in on; 0 without `packetInfo`. */
  interfaceIndex(i: number): number {
    return this.rows.u32(i, FIELD.interface)
  }

  /** Where it was sent to, by its header: an own address, a broadcast or a multicast address. Absent without `packetInfo`. */
  destination(i: number): string | undefined {
    return this.#hasLocal(i) ? this.rows.address(i, FIELD.local) : undefined
  }

  /** Our own address to answer from: the destination, or for an IPv4 broadcast our address on that interface. */
  ownAddress(i: number): string | undefined {
    if (!this.#hasLocal(i)) return undefined
    if (this.rows.u16(i, FIELD.family) === 4) {
      return this.rows.address(i, FIELD.local, OWN_IPV4)
    }
    return this.#isMulticast(i) ? undefined : this.rows.address(i, FIELD.local)
  }

  /** IPv6 hop limit it arrived with; 0 where the socket was not asked to tell. */
  hopLimit(i: number): number {
    return this.rows.u16(i, FIELD.hopLimit)
  }

  #hasLocal(i: number): boolean {
    return (this.rows.u16(i, FIELD.flags) & ROW_HAS_LOCAL) !== 0
  }

  #isMulticast(i: number): boolean {
    return this.rows.u8(i, FIELD.local) === 0xff
  }
}
