import { readAddress } from '../codec/address.ts'
import { decodeMessageType } from '../codec/options/message-type.ts'
import { decodeVendorClass } from '../codec/options/vendor-class.ts'
import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { escapeText, readText } from '../codec/text.ts'
import type { BootRequest } from '../decide/request.ts'
import { BoundedMap } from './bounded-map.ts'

/** Something that stands in the way of a boot, or limits what this server sees; each is told once per subject. */
export interface Notice {
  readonly code:
    | 'main-server-option-60'
    | 'second-proxy'
    | 'main-server-boot-file'
    | 'client-came-back'
    | 'port-shared'
    | 'replies-not-heard'
    | 'socket-error'
  /** The server, machine or port it is about. */
  readonly subject: string
  readonly message: string
}

/** How many subjects are remembered; beyond that the oldest may be told of again. */
const MAX_SUBJECTS = 1024
const FOREVER_MS = Number.MAX_SAFE_INTEGER
/** Two boots of one machine within this time, with nothing fetched in between, are one failing boot. */
const CAME_BACK_MS = 120_000
const MAX_MACHINES = 4096

const UNSET = '0.0.0.0'
const NO_BYTES = new Uint8Array()

/** What other servers' broadcasts say that gets in the way of a network boot. Pure. */
export const readOtherServer = (
  packet: DhcpPacket,
  source: string,
  ownAddresses: ReadonlySet<string>,
): Notice[] => {
  const { options, yiaddr, file, siaddr } = packet
  const type = decodeMessageType(options.get(OptionCode.MESSAGE_TYPE))
  if (packet.op !== 2 || (type !== MessageType.OFFER && type !== MessageType.ACK)) return []
  const idBytes = options.get(OptionCode.SERVER_ID)
  const subject = idBytes?.length === 4 ? readAddress(idBytes) : source
  if (ownAddresses.has(subject) || ownAddresses.has(source)) return []
  const classBytes = options.get(OptionCode.VENDOR_CLASS)
  const vendorClass = classBytes ? decodeVendorClass(classBytes) : ''
  const isPxe = vendorClass.startsWith('PXEClient') || vendorClass.startsWith('HTTPClient')
  if (yiaddr === UNSET) {
    if (!isPxe || type !== MessageType.OFFER) return []
    return [
      {
        code: 'second-proxy',
        subject,
        message: `a second ProxyDHCP server answers at ${subject}: a machine takes one of the two offers, and nobody can say which`,
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
  const harmless = new Set([UNSET, '', subject, source, ...ownAddresses])
  const textOf = (code: number): string => readText(options.get(code) ?? NO_BYTES)
  const bootFile = file || textOf(OptionCode.BOOT_FILE)
  const tftpServer = textOf(OptionCode.TFTP_SERVER_NAME)
  const what = [
    bootFile && `boot file "${escapeText(bootFile)}"`,
    !harmless.has(siaddr) && `next-server ${siaddr}`,
    !harmless.has(tftpServer) && `option 66 "${escapeText(tftpServer)}"`,
  ].filter(Boolean)
  if (what.length > 0) {
    notices.push({
      code: 'main-server-boot-file',
      subject,
      message: `the DHCP server ${subject} sends ${what.join(' and ')}: ${bootFile && 'iPXE takes that before ours, and '}shim and GRUB load their second stage by it; remove it there`,
    })
  }
  return notices
}

/** Remembers what was told, and which machines came for a boot without ever fetching it. */
export class Notices {
  readonly #told = new BoundedMap<true>(MAX_SUBJECTS, FOREVER_MS)
  readonly #machines = new BoundedMap<{
    readonly xid: number
    readonly firmware: string
    reached: boolean
  }>(MAX_MACHINES, CAME_BACK_MS)
  #knowsDownloads = false

  /** True the first time. */
  isNew({ code, subject }: Notice, nowMs: number): boolean {
    const key = `${code} ${subject}`
    if (this.#told.get(key, nowMs)) return false
    this.#told.set(key, true, nowMs)
    return true
  }

  /** Someone saw this machine fetch something; until the first such word, coming back says nothing. */
  reached(mac: string, nowMs: number): void {
    this.#knowsDownloads = true
    const machine = this.#machines.get(mac, nowMs)
    if (machine) machine.reached = true
  }

  /** An OFFER went to this machine. */
  offered({ mac, xid, firmware }: BootRequest, nowMs: number): Notice | undefined {
    if (mac === undefined || !this.#knowsDownloads) return undefined
    const before = this.#machines.get(mac, nowMs)
    if (before?.xid === xid) return undefined
    this.#machines.set(mac, { xid, firmware, reached: false }, nowMs)
    if (!before || before.reached || before.firmware !== firmware) return undefined
    return {
      code: 'client-came-back',
      subject: mac,
      message: `${mac} (${firmware}) came back without fetching what it was offered: its firmware did not see the offer, or another server's won`,
    }
  }
}
