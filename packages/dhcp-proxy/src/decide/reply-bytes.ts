import { addressBytes } from '../codec/address.ts'
import { checkOption, MIN_PACKET_BYTES } from '../codec/encode.ts'
import { encodeBootFile, MAX_BOOT_FILE_BYTES } from '../codec/options/boot-file.ts'
import { encodeTftpServerName } from '../codec/options/tftp-server-name.ts'
import {
  BROADCAST_FLAG,
  HEADER_BYTES,
  MAGIC_COOKIE,
  MessageType,
  OptionCode,
} from '../codec/packet.ts'
import type { PacketView } from '../codec/view.ts'

/** What makes the first part of a reply; the same for very many machines. */
export interface ReplyHead {
  /** Option 53. */
  readonly messageType: number
  /** Option 54, dotted. */
  readonly serverId: string
  /** `siaddr`, `sname` and option 66, dotted. */
  readonly nextServer: string
  /** Option 60. */
  readonly vendorClass: Uint8Array | undefined
  /** Option 43. */
  readonly vendorOptions: Uint8Array | undefined
  /** True where other machines get the same bytes: then they are compiled once. */
  readonly isCommon: boolean
}

/** What the rest of a reply is made of. */
export interface ReplyRest {
  readonly file: string
  /** More options: those of the decision, and 175. */
  readonly options: readonly (readonly [code: number, value: Uint8Array])[]
}

// A reply: header (240) with xid, addresses and hardware of the request | 53 54 60 43 66 of the head |
// 97 61 of the request | options of the decision | 67 | 82 of the request | 255. 67 goes next to last: EDK2 writes a
// NUL behind a boot file that has none. 82 goes last (RFC 3046 section 2.2).

const OP_REPLY = 2
const XID = 4
const FLAGS = 10
const CIADDR = 12
const SIADDR = 20
/** `giaddr`, and `chaddr` behind it. */
const GIADDR = 24
const SNAME = 44
const FILE = 108
const COOKIE = 236
/** `file` is 128 bytes with its NUL. A longer name is left to option 67 whole, never cut. */
const MAX_FILE_FIELD_BYTES = 127
const MACHINE_ID_BYTES = 17

const MAX_HEADS = 64
const heads: { readonly head: ReplyHead; readonly bytes: Uint8Array }[] = []

const compile = (head: ReplyHead): Uint8Array => {
  const serverId = addressBytes(head.serverId)!
  const siaddr = addressBytes(head.nextServer)!
  const text = encodeTftpServerName(head.nextServer)
  const options: [number, Uint8Array][] = [
    [OptionCode.MESSAGE_TYPE, Uint8Array.of(head.messageType)],
    [OptionCode.SERVER_ID, serverId],
  ]
  if (head.vendorClass) options.push([OptionCode.VENDOR_CLASS, head.vendorClass])
  if (head.vendorOptions) options.push([OptionCode.VENDOR, head.vendorOptions])
  options.push([OptionCode.TFTP_SERVER_NAME, text])
  let length = HEADER_BYTES
  for (const [code, value] of options) {
    checkOption(code, value)
    length += 2 + value.length
  }
  const bytes = new Uint8Array(length)
  bytes[0] = OP_REPLY
  bytes.set(siaddr, SIADDR)
  bytes.set(text, SNAME)
  new DataView(bytes.buffer).setUint32(COOKIE, MAGIC_COOKIE)
  let at = HEADER_BYTES
  for (const [code, value] of options) at = put(bytes, at, code, value)
  return bytes
}

const put = (bytes: Uint8Array, at: number, code: number, value: Uint8Array): number => {
  bytes[at] = code
  bytes[at + 1] = value.length
  bytes.set(value, at + 2)
  return at + 2 + value.length
}

const isSame = (one: ReplyHead, other: ReplyHead): boolean =>
  one.vendorOptions === other.vendorOptions &&
  one.vendorClass === other.vendorClass &&
  one.messageType === other.messageType &&
  one.nextServer === other.nextServer &&
  one.serverId === other.serverId

/** The bytes of a head. Those of a common one are compiled once; the values in it are compared by identity. */
const headBytes = (head: ReplyHead): Uint8Array => {
  if (!head.isCommon) return compile(head)
  for (const known of heads) if (isSame(known.head, head)) return known.bytes
  const bytes = compile(head)
  if (heads.length >= MAX_HEADS) heads.shift()
  heads.push({ head, bytes })
  return bytes
}

const SLAB_BYTES = 65_536
let slab = new ArrayBuffer(SLAB_BYTES)
let taken = 0

/** Zeros, cut from a larger block: a block for each reply costs more than writing the reply. */
const allocate = (length: number): Uint8Array => {
  if (taken + length > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES)
    taken = 0
  }
  const bytes = new Uint8Array(slab, taken, length)
  taken += length
  return bytes
}

/** Writes a boot file to its header field and as option 67, NUL included; refuses what `encodeBootFile` refuses. */
const putFile = (bytes: Uint8Array, start: number, file: string): number => {
  let at = start
  const { length } = file
  const inHeader = length <= MAX_FILE_FIELD_BYTES
  bytes[at++] = OptionCode.BOOT_FILE
  bytes[at++] = length + 1
  for (let i = 0; i < length; i++) {
    const code = file.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) encodeBootFile(file)
    bytes[at++] = code
    if (inHeader) bytes[FILE + i] = code
  }
  return at + 1
}

const copy = (
  from: Uint8Array,
  start: number,
  length: number,
  to: Uint8Array,
  at: number,
): void => {
  // Shorter than the call that would do it.
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!
}

/** Copies one option of the request. */
const echo = (view: PacketView, code: 61 | 82 | 97, bytes: Uint8Array, at: number): number => {
  const length = view.lengthOf(code)
  bytes[at] = code
  bytes[at + 1] = length
  copy(view.bytes, view.startOf(code), length, bytes, at + 2)
  return at + 2 + length
}

/**
 * Writes the reply to a request: the compiled head, patched with what the request says and followed by what this answer
 * alone has.
 * @throws {DhcpError} `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG` or `ERR_DHCP_BOOT_FILE`: nothing is cut
 */
export const replyBytes = (
  view: PacketView,
  head: ReplyHead,
  { file, options }: ReplyRest,
): Uint8Array => {
  const first = headBytes(head)
  const asked = view.bytes
  const hasMachineId =
    view.lengthOf(OptionCode.MACHINE_ID) === MACHINE_ID_BYTES &&
    asked[view.startOf(OptionCode.MACHINE_ID)] === 0
  const clientIdLength = view.lengthOf(OptionCode.CLIENT_ID)
  const hasClientId = clientIdLength >= 2 && clientIdLength <= 255
  const hasRelayAgent = view.startOf(OptionCode.RELAY_AGENT) !== 0
  if (hasRelayAgent && view.lengthOf(OptionCode.RELAY_AGENT) > 255)
    checkOption(OptionCode.RELAY_AGENT, view.option(OptionCode.RELAY_AGENT)!)
  if (file.length > MAX_BOOT_FILE_BYTES) encodeBootFile(file)

  let length = first.length + 1
  if (hasMachineId) length += 2 + MACHINE_ID_BYTES
  if (hasClientId) length += 2 + clientIdLength
  for (const [code, value] of options) {
    checkOption(code, value)
    length += 2 + value.length
  }
  if (file !== '') length += 3 + file.length
  if (hasRelayAgent) length += 2 + view.lengthOf(OptionCode.RELAY_AGENT)

  const bytes = allocate(Math.max(MIN_PACKET_BYTES, length))
  bytes.set(first)
  bytes[1] = asked[1]!
  bytes[2] = asked[2]!
  copy(asked, XID, 4, bytes, XID)
  copy(asked, FLAGS, 2, bytes, FLAGS)
  // There is no address yet to which a reply could go by unicast.
  if (view.u32(CIADDR) === 0) bytes[FLAGS]! |= BROADCAST_FLAG >>> 8
  if (head.messageType !== MessageType.OFFER) copy(asked, CIADDR, 4, bytes, CIADDR)
  copy(asked, GIADDR, 4 + 16, bytes, GIADDR)

  let at = first.length
  if (hasMachineId) at = echo(view, OptionCode.MACHINE_ID, bytes, at)
  if (hasClientId) at = echo(view, OptionCode.CLIENT_ID, bytes, at)
  for (const [code, value] of options) at = put(bytes, at, code, value)
  if (file !== '') at = putFile(bytes, at, file)
  if (hasRelayAgent) at = echo(view, OptionCode.RELAY_AGENT, bytes, at)
  bytes[at] = OptionCode.END
  return bytes
}
