import { decodePacket } from './decode.ts'
import { HEADER_BYTES, MAGIC_COOKIE, OptionCode, type DhcpPacket } from './packet.ts'

/** What a server looks at in every packet; the place of any other option is not noted. */
export type NotedCode = 43 | 50 | 52 | 53 | 54 | 57 | 60 | 61 | 77 | 82 | 93 | 94 | 97 | 175

const NOTED: readonly NotedCode[] = [43, 50, 52, 53, 54, 57, 60, 61, 77, 82, 93, 94, 97, 175]

/** Place of an option in the index of a view, or -1. */
const SLOT = new Int8Array(256).fill(-1)
NOTED.forEach((code, slot) => (SLOT[code] = 2 * slot))
const INDEX_LENGTH = 2 * NOTED.length
const OVERLOAD_SLOT = SLOT[OptionCode.OVERLOAD]!

/** A view of some bytes. `subarray` of a Buffer takes several times as long and makes another Buffer. */
const part = (bytes: Uint8Array, at: number, length: number): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset + at, length)

/**
 * A packet that was walked once and is decoded where somebody looks. Its index holds where each option that matters
 * begins and how long it is; nothing is copied and no text is made.
 */
export class PacketView {
  /** Header, and options to which the index points. */
  readonly bytes: Uint8Array
  readonly #index: Uint16Array | Uint32Array
  #packet: DhcpPacket | undefined

  constructor(bytes: Uint8Array, index: Uint16Array | Uint32Array, packet?: DhcpPacket) {
    this.bytes = bytes
    this.#index = index
    this.#packet = packet
  }

  /** The whole packet, decoded when it is first asked for. */
  get packet(): DhcpPacket {
    this.#packet ??= decodePacket(this.bytes)
    return this.#packet
  }

  /** Where the value of an option begins; 0 where the packet has none. */
  startOf(code: NotedCode): number {
    return this.#index[SLOT[code]!]!
  }

  /** How many bytes the value of an option has. */
  lengthOf(code: NotedCode): number {
    return this.#index[SLOT[code]! + 1]!
  }

  /** The value of an option. */
  option(code: NotedCode): Uint8Array | undefined {
    const start = this.startOf(code)
    return start === 0 ? undefined : part(this.bytes, start, this.lengthOf(code))
  }

  /** Option 53, where it is one byte. */
  get messageType(): number | undefined {
    return this.lengthOf(OptionCode.MESSAGE_TYPE) === 1
      ? this.bytes[this.startOf(OptionCode.MESSAGE_TYPE)]
      : undefined
  }

  get op(): number {
    return this.bytes[0]!
  }

  get htype(): number {
    return this.bytes[1]!
  }

  get hlen(): number {
    return this.bytes[2]!
  }

  get hops(): number {
    return this.bytes[3]!
  }

  get xid(): number {
    return this.u32(4)
  }

  /** The header's four bytes at `at` as a number. */
  u32(at: number): number {
    const { bytes } = this
    return (
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
    )
  }
}

/** Options of several pieces or fields, laid one behind the other: then an index can point to them. */
const layOut = (packet: DhcpPacket, header: Uint8Array): PacketView => {
  const values = NOTED.map((code) => packet.options.get(code))
  const length = values.reduce((sum, value) => sum + (value?.length ?? 0), HEADER_BYTES)
  const bytes = new Uint8Array(length)
  bytes.set(header)
  const index = new Uint32Array(INDEX_LENGTH)
  let at = HEADER_BYTES
  values.forEach((value, slot) => {
    if (!value) return
    bytes.set(value, at)
    index[2 * slot] = at
    index[2 * slot + 1] = value.length
    at += value.length
  })
  return new PacketView(bytes, index, packet)
}

/**
 * Walks a packet; undefined where it is malformed, and `decodePacket` says why. The walk takes what `decodePacket`
 * takes, byte for byte; a packet whose options are split or stand in `sname` and `file` goes through that function.
 */
export const viewPacket = (bytes: Uint8Array): PacketView | undefined => {
  const { length } = bytes
  if (length < HEADER_BYTES || bytes[2]! > 16) return undefined
  if (
    bytes[236] !== MAGIC_COOKIE >>> 24 ||
    bytes[237] !== ((MAGIC_COOKIE >>> 16) & 0xff) ||
    bytes[238] !== ((MAGIC_COOKIE >>> 8) & 0xff) ||
    bytes[239] !== (MAGIC_COOKIE & 0xff)
  )
    return undefined
  const index = new Uint16Array(INDEX_LENGTH)
  let isSplit = length > 0xffff
  for (let at = HEADER_BYTES; at < length;) {
    const code = bytes[at++]!
    if (code === OptionCode.PAD) continue
    if (code === OptionCode.END) break
    if (at === length) return undefined
    const size = bytes[at++]!
    if (at + size > length) return undefined
    const slot = SLOT[code]!
    if (slot >= 0) {
      if (index[slot] === 0) {
        index[slot] = at
        index[slot + 1] = size
      } else isSplit = true
    }
    at += size
  }
  if (!isSplit && index[OVERLOAD_SLOT] === 0) return new PacketView(bytes, index)
  try {
    return layOut(decodePacket(bytes), bytes.subarray(0, HEADER_BYTES))
  } catch {
    return undefined // malformed in `file` or `sname`; the caller asks decodePacket for the words
  }
}

/** The view of a packet that was never bytes. */
export const viewOf = (packet: DhcpPacket): PacketView => {
  const header = new Uint8Array(HEADER_BYTES)
  const { op, htype, hlen, hops, xid, secs, flags } = packet
  header.set([op, htype, hlen, hops, xid >>> 24, xid >>> 16, xid >>> 8, xid])
  header.set([secs >>> 8, secs, flags >>> 8, flags], 8)
  const addresses = [packet.ciaddr, packet.yiaddr, packet.siaddr, packet.giaddr]
  addresses.forEach((address, i) => header.set(address.split('.').map(Number), 12 + 4 * i))
  header.set(packet.chaddr.subarray(0, 16), 28)
  return layOut(packet, header)
}
