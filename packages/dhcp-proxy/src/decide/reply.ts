import { addressBytes, parseAddress } from '../codec/address.ts'
import { encodePacket } from '../codec/encode.ts'
import { encodeBootFile } from '../codec/options/boot-file.ts'
import { encodeIpxe } from '../codec/options/ipxe.ts'
import { encodeTftpServerName } from '../codec/options/tftp-server-name.ts'
import { encodeVendorClass } from '../codec/options/vendor-class.ts'
import { BROADCAST_FLAG, MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { valueBytes, type OptionValue } from '../codec/value.ts'
import { DhcpError } from '../errors.ts'
import { checkAnswer } from './answer.ts'
import type { BootAnswer, Profile } from './decision.ts'
import { destinationOf, type Destination } from './destination.ts'
import { checkMenuForUefi, chosenItem } from './menu.ts'
import { DEFAULT_PROFILES, vendorOptionsOf } from './profiles.ts'
import type { BootRequest } from './request.ts'

/** A reply ready to be sent: from port 67 or 4011, the one the request came to. */
export interface Reply {
  readonly type: 'offer' | 'ack'
  readonly profile: Profile
  readonly bootFile?: string
  readonly nextServer: string
  readonly to: Destination
  readonly fromPort: 67 | 4011
  readonly packet: DhcpPacket
  readonly bytes: Uint8Array
}

/** IP and UDP headers, which option 57 counts in. */
const HEADERS_BYTES = 28
/** RFC 2131 §2: what every client takes. */
const MIN_MESSAGE_BYTES = 576
/** EDK2 ignores more: an Ethernet frame without its headers. */
const MAX_REPLY_BYTES = 1472
/** `file` is 128 bytes with its NUL. A longer name is left to option 67 whole, never cut. */
const MAX_FILE_FIELD_BYTES = 127

/** Options this server sets itself, or that have no place in a reply without a lease. */
const RESERVED: ReadonlySet<number> = new Set([
  0, 43, 50, 51, 52, 53, 54, 57, 60, 61, 66, 67, 82, 97, 175, 255,
])

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_DECISION', message)
}

const optionBytes = (code: number, value: OptionValue): Uint8Array => {
  if (RESERVED.has(code)) refuse(`option ${code} is set by the server itself`)
  return (
    valueBytes(value) ??
    refuse(`option ${code} ${JSON.stringify(value)} is neither Latin-1 text nor bytes (0–255)`)
  )
}

const PXE_CLIENT = encodeVendorClass('PXEClient')
const HTTP_CLIENT = encodeVendorClass('HTTPClient')

/** The class that makes the client take the offer: its own kind, or the configured prefix it matched. */
const vendorClassOf = ({ vendorClass = '' }: BootRequest): Uint8Array => {
  if (vendorClass.startsWith('HTTPClient')) return HTTP_CLIENT
  const isPxe = vendorClass === '' || /^(?:PXEClient|U-Boot)/.test(vendorClass)
  return isPxe ? PXE_CLIENT : encodeVendorClass(vendorClass)
}

const maxReplyBytes = (packet: DhcpPacket): number => {
  const value = packet.options.get(OptionCode.MAX_MESSAGE_SIZE)
  const asked = value?.length === 2 ? (value[0]! << 8) | value[1]! : 0
  return Math.min(Math.max(asked, MIN_MESSAGE_BYTES) - HEADERS_BYTES, MAX_REPLY_BYTES)
}

/** What boots: the decision's own file, or that of the item chosen from its menu. */
const targetOf = (
  request: BootRequest,
  answer: BootAnswer,
): { bootFile?: string; nextServer: string } | undefined => {
  const ownServer = answer.nextServer ?? request.localAddress
  if (answer.menu && request.bootItem) {
    const item = chosenItem(answer.menu, request.bootItem)
    if (item?.bootFile === undefined) return undefined
    return { bootFile: item.bootFile, nextServer: item.nextServer ?? ownServer }
  }
  const { bootFile } = answer
  return bootFile === undefined ? { nextServer: ownServer } : { bootFile, nextServer: ownServer }
}

/** RFC 5107 §5: a relay may want to be the server in the client's eyes. EDK2 drops a server id of zero. */
const serverIdOf = ({ relay, localAddress }: BootRequest): string => {
  const override = relay?.serverIdOverride
  return override !== undefined && parseAddress(override) ? override : localAddress
}

/** The layout a decision gets for a request. */
export function profileOf(request: BootRequest, answer: BootAnswer): Profile {
  return answer.profile ?? (answer.menu ? 'menu' : DEFAULT_PROFILES[request.firmware])
}

const optionsOf = (
  request: BootRequest,
  answer: BootAnswer,
  profile: Profile,
  bootFile: string | undefined,
  nextServer: string,
): Map<number, Uint8Array> => {
  const asked = request.packet.options
  const options = new Map<number, Uint8Array>()
  options.set(
    OptionCode.MESSAGE_TYPE,
    Uint8Array.of(request.type === 'discover' ? MessageType.OFFER : MessageType.ACK),
  )
  options.set(OptionCode.SERVER_ID, addressBytes(serverIdOf(request))!)
  options.set(OptionCode.VENDOR_CLASS, vendorClassOf(request))
  const uuid = asked.get(OptionCode.MACHINE_ID)
  if (uuid?.length === 17 && uuid[0] === 0) options.set(OptionCode.MACHINE_ID, uuid)
  const clientId = asked.get(OptionCode.CLIENT_ID)
  if (clientId && clientId.length >= 2 && clientId.length <= 255)
    options.set(OptionCode.CLIENT_ID, clientId)
  const vendor = vendorOptionsOf(profile, request, answer.menu)
  if (vendor) options.set(OptionCode.VENDOR, vendor)
  if (answer.options) {
    for (const [code, value] of Object.entries(answer.options)) {
      options.set(Number(code), optionBytes(Number(code), value))
    }
  }
  if (answer.ipxe) options.set(OptionCode.IPXE, encodeIpxe(answer.ipxe))
  options.set(OptionCode.TFTP_SERVER_NAME, encodeTftpServerName(nextServer))
  if (bootFile !== undefined) options.set(OptionCode.BOOT_FILE, encodeBootFile(bootFile))
  const relayAgent = asked.get(OptionCode.RELAY_AGENT)
  if (relayAgent) options.set(OptionCode.RELAY_AGENT, relayAgent)
  return options
}

/**
 * The exact reply to a request, and where it goes. Pure: the same request and decision give the same bytes.
 * @returns undefined where the request chose a menu item that the decision does not have
 * @throws {DhcpError} `ERR_DHCP_DECISION`, `ERR_DHCP_MENU`, `ERR_DHCP_BOOT_FILE`, `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG` or
 *   `ERR_DHCP_REPLY_TOO_LARGE`
 */
export function buildReply(request: BootRequest, answer: BootAnswer): Reply | undefined {
  checkAnswer(answer)
  const target = targetOf(request, answer)
  if (!target) return undefined
  const profile = profileOf(request, answer)
  if (target.bootFile === undefined && !answer.menu && profile !== 'raspberry-pi') {
    refuse(`a decision to boot with profile ${profile} needs a bootFile or a menu`)
  }
  if (profile === 'http-boot' && !/^https?:\/\//i.test(target.bootFile ?? '')) {
    const seen = JSON.stringify(target.bootFile)
    refuse(`bootFile ${seen} is not the http:// or https:// URL that profile http-boot needs`)
  }
  if (profile === 'menu' && !answer.menu) refuse('profile menu needs a menu')
  if (answer.menu && request.firmware === 'uefi-pxe')
    checkMenuForUefi(answer.menu, answer.nextServer ?? request.localAddress, request.localAddress)
  if (!parseAddress(target.nextServer)) {
    refuse(
      `nextServer ${JSON.stringify(target.nextServer)} is not an IPv4 address other than 0.0.0.0`,
    )
  }
  // A BINL client asks `siaddr` on port 4011, and only that answer names the real TFTP server.
  const siaddr =
    profile === 'binl' && request.type === 'discover' ? request.localAddress : target.nextServer
  const { bootFile = '' } = target
  const asked = request.packet
  const packet: DhcpPacket = {
    op: 2,
    htype: asked.htype,
    hlen: asked.hlen,
    hops: 0,
    xid: asked.xid,
    secs: 0,
    // There is no address yet to which a reply could go by unicast.
    flags: request.clientAddress === undefined ? asked.flags | BROADCAST_FLAG : asked.flags,
    ciaddr: request.type === 'discover' ? '0.0.0.0' : asked.ciaddr,
    yiaddr: '0.0.0.0',
    siaddr,
    giaddr: asked.giaddr,
    chaddr: asked.chaddr,
    sname: siaddr,
    file: bootFile.length <= MAX_FILE_FIELD_BYTES ? bootFile : '',
    options: optionsOf(request, answer, profile, target.bootFile, siaddr),
  }
  const bytes = encodePacket(packet)
  const limit = maxReplyBytes(asked)
  if (bytes.length > limit) {
    const message = `a reply of ${bytes.length} bytes is larger than the ${limit} this client takes (option 57)`
    throw new DhcpError('ERR_DHCP_REPLY_TOO_LARGE', message)
  }
  return {
    type: request.type === 'discover' ? 'offer' : 'ack',
    profile,
    ...(target.bootFile !== undefined && { bootFile: target.bootFile }),
    nextServer: target.nextServer,
    to: destinationOf(request),
    fromPort: request.port,
    packet,
    bytes,
  }
}

/** True for file names and URLs of iPXE binaries, by which the loop guard knows them. */
export function isIpxeBinary(bootFile: string): boolean {
  const [path = ''] = bootFile.split(/[?#]/, 1)
  return /(?:^|[/\\])(?:undionly|[^/\\]*ipxe|snponly|snp)[^/\\]*\.(?:k?k?pxe|efi|lkrn|0)$/i.test(
    path,
  )
}

/** True where iPXE would be handed iPXE again, for ever; `bootFile` is that of the reply, so of a chosen menu item too. */
export const wouldLoop = (
  { firmware }: BootRequest,
  { chainAgain }: BootAnswer,
  { bootFile }: Reply,
  isBinary: (bootFile: string) => boolean,
): boolean => firmware === 'ipxe' && !chainAgain && bootFile !== undefined && isBinary(bootFile)
