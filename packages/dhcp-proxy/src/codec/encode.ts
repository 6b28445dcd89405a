import { DhcpError } from '../errors.ts'
import { writeAddress } from './address.ts'
import { HEADER_BYTES, MAGIC_COOKIE, OptionCode, type DhcpPacket } from './packet.ts'
import { writeText } from './text.ts'

/** RFC 951: a BOOTP packet is 300 bytes long, and old clients drop a shorter one. */
export const MIN_PACKET_BYTES = 300

/** Longest option value, in bytes: the length is one byte (RFC 2132 §2). */
const MAX_OPTION_BYTES = 255

/** EDK2's `DhcpValidateOptions` drops the whole packet when one of these is empty. */
const NEVER_EMPTY: ReadonlySet<number> = new Set([12, 15, 17, 43, 60, 66, 67])

const field = (message: string): DhcpError => new DhcpError('ERR_DHCP_FIELD', message)
const option = (message: string): DhcpError => new DhcpError('ERR_DHCP_OPTION', message)

/** Refuses an option that firmware would choke on. @throws {DhcpError} `ERR_DHCP_OPTION` or `ERR_DHCP_OPTION_TOO_LONG` */
export const checkOption = (code: number, value: Uint8Array): void => {
  if (!Number.isInteger(code) || code < 1 || code > 254)
    throw option(`option code ${code} is outside 1–254`)
  if (code === OptionCode.OVERLOAD) {
    throw option(
      'option 52 (overload) is not sent: iPXE would read the options in `file` as a file name',
    )
  }
  if (value.length > MAX_OPTION_BYTES) {
    const message = `option ${code} of ${value.length} bytes is longer than ${MAX_OPTION_BYTES}; it is not split, as EDK2 and iPXE do not join it`
    throw new DhcpError('ERR_DHCP_OPTION_TOO_LONG', message)
  }
  if (value.length === 0 && NEVER_EMPTY.has(code))
    throw option(`option ${code} is empty, for which EDK2 drops the packet`)
  if (code === OptionCode.SERVER_ID && value.length !== 4)
    throw option(`option 54 of ${value.length} bytes is not 4 long`)
  if (code === OptionCode.CLIENT_ID && value.length < 2)
    throw option(`option 61 of ${value.length} bytes is shorter than 2`)
}

const checkNumber = (name: string, value: number, max: number): number => {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw field(`${name} ${value} is outside 0–${max}`)
}

const putText = (bytes: Uint8Array, at: number, size: number, name: string, text: string): void => {
  if (text === '') return
  const value = writeText(text)
  if (!value || text.includes('\0'))
    throw field(`${name} ${JSON.stringify(text)} is not Latin-1 text without NUL`)
  if (value.length >= size)
    throw field(`${name} of ${value.length} bytes is longer than ${size - 1}`)
  bytes.set(value, at)
}

const putAddress = (bytes: Uint8Array, at: number, name: string, text: string): void => {
  if (!writeAddress(bytes, at, text))
    throw field(`${name} ${JSON.stringify(text)} is not an IPv4 address`)
}

/**
 * Encodes one packet as EDK2, iPXE and old ROMs accept it: no overload, no PAD before END, END always there,
 * at least 300 bytes, 67 and then 82 last.
 * @throws {DhcpError} `ERR_DHCP_FIELD`, `ERR_DHCP_OPTION` or `ERR_DHCP_OPTION_TOO_LONG`: nothing is cut
 */
export const encodePacket = (packet: DhcpPacket): Uint8Array => {
  let length = HEADER_BYTES + 1
  for (const [code, value] of packet.options) {
    checkOption(code, value)
    length += 2 + value.length
  }
  const bytes = new Uint8Array(Math.max(MIN_PACKET_BYTES, length))
  const view = new DataView(bytes.buffer)
  bytes[0] = checkNumber('op', packet.op, 255)
  bytes[1] = checkNumber('htype', packet.htype, 255)
  bytes[2] = checkNumber('hlen', packet.hlen, 16)
  bytes[3] = checkNumber('hops', packet.hops, 255)
  view.setUint32(4, checkNumber('xid', packet.xid, 0xffffffff))
  view.setUint16(8, checkNumber('secs', packet.secs, 0xffff))
  view.setUint16(10, checkNumber('flags', packet.flags, 0xffff))
  putAddress(bytes, 12, 'ciaddr', packet.ciaddr)
  putAddress(bytes, 16, 'yiaddr', packet.yiaddr)
  putAddress(bytes, 20, 'siaddr', packet.siaddr)
  putAddress(bytes, 24, 'giaddr', packet.giaddr)
  if (packet.chaddr.length !== 16)
    throw field(`chaddr of ${packet.chaddr.length} bytes is not 16 long`)
  bytes.set(packet.chaddr, 28)
  putText(bytes, 44, 64, 'sname', packet.sname)
  putText(bytes, 108, 128, 'file', packet.file)
  view.setUint32(236, MAGIC_COOKIE)

  // 67 goes next to last: EDK2 writes a NUL behind a boot file that has none, over whatever comes next. 82 goes last
  // (RFC 3046 §2.2).
  let at = HEADER_BYTES
  const put = (code: number, value: Uint8Array): void => {
    bytes[at] = code
    bytes[at + 1] = value.length
    bytes.set(value, at + 2)
    at += 2 + value.length
  }
  for (const [code, value] of packet.options) {
    if (code !== OptionCode.BOOT_FILE && code !== OptionCode.RELAY_AGENT) put(code, value)
  }
  const file = packet.options.get(OptionCode.BOOT_FILE)
  if (file) put(OptionCode.BOOT_FILE, file)
  const relayAgent = packet.options.get(OptionCode.RELAY_AGENT)
  if (relayAgent) put(OptionCode.RELAY_AGENT, relayAgent)
  bytes[at] = OptionCode.END
  return bytes
}
