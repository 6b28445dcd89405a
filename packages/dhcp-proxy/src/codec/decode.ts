import { DhcpError } from '../errors.ts'
import { readAddress } from './address.ts'
import { HEADER_BYTES, MAGIC_COOKIE, OptionCode, type DhcpPacket } from './packet.ts'
import { readText } from './text.ts'

//   0 op | 1 htype | 2 hlen | 3 hops
//   4 xid ..................
//   8 secs ....... | 10 flags
//  12 ciaddr | 16 yiaddr | 20 siaddr | 24 giaddr
//  28 chaddr (16)
//  44 sname (64)
// 108 file (128)
// 236 magic cookie | 240 options: code, length, value … 255

const FILE = [108, 236] as const
const SNAME = [44, 108] as const

/** Options of one fixed length: a second instance is no continuation (RFC 3396 §5), so the first one counts, as in EDK2. */
const FIRST_COUNTS: ReadonlySet<number> = new Set([50, 51, 52, 53, 54, 57, 58, 59, 94])

/** Collects options over several fields, joining split ones in linear time. */
class Collector {
  readonly options = new Map<number, Uint8Array>()
  #split: Map<number, Uint8Array[]> | undefined

  add(code: number, value: Uint8Array): void {
    const first = this.options.get(code)
    if (first === undefined) {
      this.options.set(code, value)
      return
    }
    if (FIRST_COUNTS.has(code)) return
    this.#split ??= new Map()
    const parts = this.#split.get(code)
    if (parts) parts.push(value)
    else this.#split.set(code, [first, value])
  }

  finish(): Map<number, Uint8Array> {
    for (const [code, parts] of this.#split ?? []) {
      const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
      let at = 0
      for (const part of parts) {
        joined.set(part, at)
        at += part.length
      }
      this.options.set(code, joined)
    }
    return this.options
  }
}

/** A view of some bytes. `subarray` of a Buffer takes several times as long and makes another Buffer. */
const view = (bytes: Uint8Array, at: number, length: number): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset + at, length)

const walk = (bytes: Uint8Array, from: number, to: number, into: Collector): void => {
  let at = from
  while (at < to) {
    const code = bytes[at++]!
    if (code === OptionCode.PAD) continue
    // No END at all is accepted: some clients fill the packet to its edge.
    if (code === OptionCode.END) return
    if (at === to) throw malformed(`option ${code} at byte ${at - 1} has no length byte`)
    const length = bytes[at++]!
    if (at + length > to) {
      throw malformed(
        `option ${code} of ${length} bytes at byte ${at - 2} ends after byte ${to}, where its field ends`,
      )
    }
    into.add(code, view(bytes, at, length))
    at += length
  }
}

/** What option 52 says of `file` (bit 0) and `sname` (bit 1); any other length or value overloads nothing. */
const takeOverload = (options: Map<number, Uint8Array>): number => {
  const value = options.get(OptionCode.OVERLOAD)
  if (!value) return 0
  options.delete(OptionCode.OVERLOAD)
  const bits = value.length === 1 ? value[0]! : 0
  return bits <= 3 ? bits : 0
}

const malformed = (message: string): DhcpError => new DhcpError('ERR_DHCP_MALFORMED', message)

/**
 * Decodes one DHCPv4 packet, as tolerantly as real clients need: without END, with `sname` and `file` filled to
 * the last byte or used for options (RFC 2132 §9.3), with options split (RFC 3396). Option values are views into `bytes`.
 * @throws {DhcpError} `ERR_DHCP_MALFORMED`, and nothing else
 */
export const decodePacket = (bytes: Uint8Array): DhcpPacket => {
  if (bytes.length < HEADER_BYTES) {
    throw malformed(
      `a packet of ${bytes.length} bytes is shorter than the ${HEADER_BYTES} of header and cookie`,
    )
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  const cookie = header.getUint32(236)
  if (cookie !== MAGIC_COOKIE) {
    throw malformed(`magic cookie ${cookie.toString(16).padStart(8, '0')} is not 63825363`)
  }
  const hlen = bytes[2]!
  if (hlen > 16) throw malformed(`hardware address length ${hlen} is outside 0–16`)

  const collector = new Collector()
  walk(bytes, HEADER_BYTES, bytes.length, collector)
  const overload = takeOverload(collector.options)
  if (overload & 1) walk(bytes, ...FILE, collector)
  if (overload & 2) walk(bytes, ...SNAME, collector)
  // RFC 2131 §4.1: an overload option inside an overloaded field has no meaning.
  if (overload) collector.options.delete(OptionCode.OVERLOAD)

  return {
    op: bytes[0]!,
    htype: bytes[1]!,
    hlen,
    hops: bytes[3]!,
    xid: header.getUint32(4),
    secs: header.getUint16(8),
    flags: header.getUint16(10),
    ciaddr: readAddress(bytes, 12),
    yiaddr: readAddress(bytes, 16),
    siaddr: readAddress(bytes, 20),
    giaddr: readAddress(bytes, 24),
    chaddr: view(bytes, 28, 16),
    sname: overload & 2 ? '' : readText(bytes, ...SNAME),
    file: overload & 1 ? '' : readText(bytes, ...FILE),
    options: collector.finish(),
  }
}
