/**
 * What the models read and write packets with. It is deliberately not the codec of this package: a model that
 * shared code with the server's encoder would share its mistakes.
 *
 *     0 op  1 htype  2 hlen  3 hops  4 xid(4)  8 secs(2)  10 flags(2)
 *     12 ciaddr  16 yiaddr  20 siaddr  24 giaddr  28 chaddr(16)  44 sname(64)  108 file(128)
 *     236 cookie 99.130.83.99  240 options
 */

export const OPTIONS_AT = 240
const COOKIE = [99, 130, 83, 99]

/** One option where it stands in the packet; `end` is beyond its value. */
export interface Found {
  readonly tag: number
  readonly at: number
  readonly end: number
  readonly value: Uint8Array
}

/** The header of a reply, as text where a person would write text. */
export interface Reply {
  readonly bytes: Uint8Array
  readonly op: number
  readonly hlen: number
  readonly xid: number
  readonly ciaddr: string
  readonly yiaddr: string
  readonly siaddr: string
  readonly chaddr: Uint8Array
  readonly hasCookie: boolean
}

export const NO_ADDRESS = '0.0.0.0'
export const BROADCAST = '255.255.255.255'

export const addressAt = (bytes: Uint8Array, at: number): string =>
  Array.from(bytes.subarray(at, at + 4)).join('.')

export const addressBytes = (address: string): number[] => address.split('.').map(Number)

/** Bytes up to the first NUL, as Latin-1: what firmware makes of a file name. */
export const cString = (bytes: Uint8Array): string => {
  const nul = bytes.indexOf(0)
  return String.fromCharCode(...(nul < 0 ? bytes : bytes.subarray(0, nul)))
}

export const u16 = (bytes: Uint8Array, at = 0): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 65_536 + u16(bytes, at + 2)

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i])

/** Reads the fixed header; undefined where even that is not whole. */
export const readReply = (bytes: Uint8Array): Reply | undefined => {
  if (bytes.length < 236) return undefined
  return {
    bytes,
    op: bytes[0]!,
    hlen: bytes[2]!,
    xid: u32(bytes, 4),
    ciaddr: addressAt(bytes, 12),
    yiaddr: addressAt(bytes, 16),
    siaddr: addressAt(bytes, 20),
    chaddr: bytes.subarray(28, 44),
    hasCookie: bytes.length >= OPTIONS_AT && COOKIE.every((byte, i) => bytes[236 + i] === byte),
  }
}

/** The header field `file`, up to its NUL. */
export const fileField = (reply: Reply): string => cString(reply.bytes.subarray(108, 236))

/** The first option `tag` in a run of options; stops at END, at the edge and at a length that points past it. */
export const findOption = (
  bytes: Uint8Array,
  tag: number,
  from = 0,
  to: number = bytes.length,
): Found | undefined => {
  let at = from
  while (at < to && bytes[at] !== 255) {
    if (bytes[at] === 0) {
      at += 1
      continue
    }
    const end = at + 2 + (bytes[at + 1] ?? 0)
    if (end > to || at + 1 >= to) return undefined
    if (bytes[at] === tag) return { tag, at, end, value: bytes.subarray(at + 2, end) }
    at = end
  }
  return undefined
}

/** The value of the first option `tag` in the options area of a reply. */
export const optionOf = (reply: Reply, tag: number): Uint8Array | undefined =>
  reply.hasCookie ? findOption(reply.bytes, tag, OPTIONS_AT)?.value : undefined

/** One option to write. */
export type RawOption = readonly [tag: number, value: readonly number[] | Uint8Array]

/** What the models send. */
export interface Request {
  readonly op?: number
  readonly hops?: number
  readonly hlen?: number
  readonly xid: number
  readonly secs?: number
  readonly flags?: number
  readonly ciaddr?: string
  readonly yiaddr?: string
  readonly siaddr?: string
  readonly giaddr?: string
  readonly chaddr: Uint8Array
  readonly sname?: string
  readonly file?: string
  readonly options: readonly RawOption[]
  /** Zeros after END up to this size. */
  readonly padTo?: number
}

export const text = (value: string): number[] => Array.from(value, (letter) => letter.charCodeAt(0))

const put16 = (bytes: Uint8Array, at: number, value: number): void =>
  bytes.set([(value >> 8) & 255, value & 255], at)

/** Writes one packet: header, cookie, options in the order given, END, padding. */
export const writePacket = (request: Request): Uint8Array => {
  const length =
    OPTIONS_AT + request.options.reduce((sum, [, value]) => sum + 2 + value.length, 0) + 1
  const bytes = new Uint8Array(Math.max(length, request.padTo ?? 0))
  bytes.set([request.op ?? 1, 1, request.hlen ?? 6, request.hops ?? 0])
  put16(bytes, 4, Math.floor(request.xid / 65_536))
  put16(bytes, 6, request.xid)
  put16(bytes, 8, request.secs ?? 0)
  put16(bytes, 10, request.flags ?? 0)
  const addresses = [request.ciaddr, request.yiaddr, request.siaddr, request.giaddr]
  addresses.forEach((address, i) => bytes.set(addressBytes(address ?? NO_ADDRESS), 12 + 4 * i))
  bytes.set(request.chaddr.subarray(0, 16), 28)
  bytes.set(text(request.sname ?? '').slice(0, 64), 44)
  bytes.set(text(request.file ?? '').slice(0, 128), 108)
  bytes.set(COOKIE, 236)
  let at = OPTIONS_AT
  for (const [tag, value] of request.options) {
    bytes.set([tag, value.length, ...value], at)
    at += 2 + value.length
  }
  bytes[at] = 255
  return bytes
}
