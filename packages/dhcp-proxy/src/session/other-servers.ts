import { readAddress } from '../codec/address.ts'
import { decodeMessageType } from '../codec/options/message-type.ts'
import { decodeVendorClass } from '../codec/options/vendor-class.ts'
import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { escapeText, readText } from '../codec/text.ts'
import { isBootServerClass } from '../decide/firmware.ts'
import type { Notice } from './notices.ts'

const UNSET = '0.0.0.0'
const NO_BYTES = new Uint8Array()

/** Addresses that say who is who. */
export interface OwnAddresses {
  /** Those that this server advertises: what comes from them is its own. */
  readonly served: ReadonlySet<string>
  /** All addresses of this host: another server of ours may answer from them, on another interface. */
  readonly host: ReadonlySet<string>
}

/** What other servers' broadcasts say that gets in the way of a network boot. Pure. */
export const readOtherServer = (
  packet: DhcpPacket,
  source: string,
  { served, host }: OwnAddresses,
): Notice[] => {
  const { options, yiaddr, siaddr } = packet
  const type = decodeMessageType(options.get(OptionCode.MESSAGE_TYPE))
  if (packet.op !== 2 || (type !== MessageType.OFFER && type !== MessageType.ACK)) return []
  const idBytes = options.get(OptionCode.SERVER_ID)
  const subject = idBytes?.length === 4 ? readAddress(idBytes) : source
  if (served.has(subject) || served.has(source)) return []
  const classBytes = options.get(OptionCode.VENDOR_CLASS)
  const vendorClass = classBytes ? decodeVendorClass(classBytes) : ''
  const isPxe = isBootServerClass(vendorClass)
  if (yiaddr === UNSET) {
    if (!isPxe || type !== MessageType.OFFER || host.has(subject) || host.has(source)) return []
    return [
      {
        code: 'second-proxy',
        subject,
        message: `a second ProxyDHCP server answers at ${subject}: each firmware chooses between the two offers in its own way, which \`bootwire-dhcp probe\` shows; switch all but one off`,
      },
    ]
  }
  const notices: Notice[] = []
  if (isPxe) {
    notices.push({
      code: 'main-server-option-60',
      subject,
      message: `the DHCP server ${subject} sends option 60 "${escapeText(vendorClass)}": UEFI firmware then ignores every ProxyDHCP; remove that option there`,
    })
  }
  // Many servers put their own address into siaddr whatever they are told; without a file it leads nobody astray.
  const harmless = new Set([UNSET, '', subject, source, ...served])
  const textOf = (code: number): string => readText(options.get(code) ?? NO_BYTES)
  const file = packet.file || textOf(OptionCode.BOOT_FILE)
  const tftpServer = textOf(OptionCode.TFTP_SERVER_NAME)
  const what = [
    file && `boot file "${escapeText(file)}"`,
    !harmless.has(siaddr) && `next-server ${siaddr}`,
    !harmless.has(tftpServer) && `option 66 "${escapeText(tftpServer)}"`,
  ].filter(Boolean)
  if (what.length > 0) {
    notices.push({
      code: 'main-server-boot-file',
      subject,
      message: `the DHCP server ${subject} sends ${what.join(' and ')}: ${file && 'iPXE takes that before ours, and '}shim and GRUB load their second stage by it; remove it there`,
    })
  }
  return notices
}
