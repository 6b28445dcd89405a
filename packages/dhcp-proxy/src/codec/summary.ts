import { ARCHITECTURES } from './architectures.ts'
import { decodeArchitectures } from './options/architecture.ts'
import { decodeBootFile } from './options/boot-file.ts'
import { decodeMessageType, messageTypeName } from './options/message-type.ts'
import { decodeUserClasses } from './options/user-class.ts'
import { decodeVendorClass } from './options/vendor-class.ts'
import { OptionCode, type DhcpPacket } from './packet.ts'
import { escapeText, hexOf } from './text.ts'

const architectureText = (codes: readonly number[]): string =>
  codes
    .map((code) => {
      const known = ARCHITECTURES.get(code)
      return known ? `${code} (${known.name})` : `${code}`
    })
    .join(', ')

/** The packet in one line for people; what came from the wire is escaped. */
export const summary = (packet: DhcpPacket): string => {
  const { options } = packet
  const words = [messageTypeName(decodeMessageType(options.get(OptionCode.MESSAGE_TYPE)))]
  words.push(hexOf(packet.chaddr.subarray(0, packet.hlen), ':') || 'no hardware address')
  words.push(`xid ${packet.xid.toString(16).padStart(8, '0')}`)
  const vendorClass = options.get(OptionCode.VENDOR_CLASS)
  if (vendorClass) words.push(escapeText(decodeVendorClass(vendorClass)))
  const codes = decodeArchitectures(options.get(OptionCode.ARCHITECTURE) ?? new Uint8Array())
  if (codes) words.push(`arch ${architectureText(codes)}`)
  const userClass = options.get(OptionCode.USER_CLASS)
  if (userClass) words.push(`user class ${decodeUserClasses(userClass).map(escapeText).join(', ')}`)
  for (const field of ['ciaddr', 'yiaddr', 'siaddr', 'giaddr'] as const) {
    if (packet[field] !== '0.0.0.0') words.push(`${field} ${packet[field]}`)
  }
  const named = options.get(OptionCode.BOOT_FILE)
  const file = named ? decodeBootFile(named) : packet.file
  if (file) words.push(`file ${escapeText(file)}`)
  return words.join(' ')
}
