import { parseAddress } from '../codec/address.ts'
import { ARCHITECTURES } from '../codec/architectures.ts'
import { decodePacket } from '../codec/decode.ts'
import { encodeBootFile } from '../codec/options/boot-file.ts'
import { encodeIpxe } from '../codec/options/ipxe.ts'
import { encodeVendorClass } from '../codec/options/vendor-class.ts'
import { encodeVendorOptions, type VendorOptions } from '../codec/options/vendor.ts'
import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { valueBytes, type OptionValue } from '../codec/value.ts'
import { viewOf, type PacketView } from '../codec/view.ts'
import type { Endpoint, Service } from '../endpoint.ts'
import { DhcpError } from '../errors.ts'
import type { BootAnswer } from './decision.ts'
import { destinationOf } from './destination.ts'
import { FIRMWARE_ROWS, type FirmwareRow } from './firmware.ts'
import { LAYOUT_VENDOR_OPTIONS, REPLY_LAYOUTS, type ReplyLayout } from './layouts.ts'
import { checkMenuForUefi, chosenItem, menuVendorOptions } from './menu.ts'
import { ReceivedRequest } from './received.ts'
import { replyBytes } from './reply-bytes.ts'
import type { BootRequest } from './request.ts'

/** A reply ready to be sent: from port 67 or 4011, the one the request came to. */
export interface Reply {
  readonly type: 'offer' | 'ack'
  readonly layout: ReplyLayout
  /** The boot file, that of a chosen menu item too. */
  readonly file?: string | undefined
  readonly nextServer: string
  readonly to: Endpoint
  readonly fromPort: Service
  /** How long to wait before it is sent, in ms. */
  readonly delayMs: number
  readonly bytes: Uint8Array
  /** `bytes` decoded, when somebody looks. */
  readonly packet: DhcpPacket
}

/** IP and UDP headers, which option 57 counts in. */
const HEADERS_BYTES = 28
/** RFC 2131 §2: what every client takes. */
const MIN_MESSAGE_BYTES = 576
/** EDK2 ignores more: an Ethernet frame without its headers. */
const MAX_REPLY_BYTES = 1472

/** Options this server sets itself, or that have no place in a reply without a lease; and the field that sets one. */
const RESERVED: ReadonlyMap<number, string> = new Map([
  ...[0, 50, 51, 52, 53, 54, 57, 61, 82, 97, 255].map((code) => [code, ''] as const),
  [43, 'vendorOptions'],
  [60, 'vendorClass'],
  [66, 'nextServer'],
  [67, 'file'],
  [175, 'ipxe'],
])

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_DECISION', message)
}

const bytesOf = (what: string, value: OptionValue): Uint8Array =>
  valueBytes(value) ??
  refuse(`${what} ${JSON.stringify(value)} is neither Latin-1 text nor bytes (0–255)`)

const optionBytes = (code: number, value: OptionValue): Uint8Array => {
  const field = RESERVED.get(code)
  if (field !== undefined)
    refuse(`option ${code} is set by the server itself${field && `; use ${field}`}`)
  return bytesOf(`option ${code}`, value)
}

const NO_OPTIONS: readonly (readonly [number, Uint8Array])[] = []

const moreOptions = ({ options, ipxe }: BootAnswer): typeof NO_OPTIONS => {
  if (!options && !ipxe) return NO_OPTIONS
  const list = Object.entries(options ?? {}).map(
    ([code, value]) => [Number(code), optionBytes(Number(code), value)] as const,
  )
  return ipxe ? [...list, [OptionCode.IPXE, encodeIpxe(ipxe)]] : list
}

const PXE_CLIENT = encodeVendorClass('PXEClient')
const HTTP_CLIENT = encodeVendorClass('HTTPClient')
const FIRMWARE_CLASSES: ReadonlyMap<string, Uint8Array> = new Map(
  FIRMWARE_ROWS.map(({ vendorClass }) => [vendorClass, encodeVendorClass(vendorClass)]),
)

const PXE_SPEAKERS = /^(?:PXEClient|U-Boot)/

/** The class that makes the client take the offer: of its protocol, its firmware's own, or what it said itself. */
const vendorClassOf = (
  { vendorClass = '' }: BootRequest,
  row: FirmwareRow,
  wanted: string | undefined,
): Uint8Array | undefined => {
  if (wanted === 'none') return undefined
  if (wanted === 'echo') return vendorClass === '' ? undefined : encodeVendorClass(vendorClass)
  if (wanted !== undefined) return encodeVendorClass(wanted)
  if (row.vendorClass !== 'protocol') return FIRMWARE_CLASSES.get(row.vendorClass)
  if (vendorClass.startsWith('HTTPClient')) return HTTP_CLIENT
  return vendorClass === '' || PXE_SPEAKERS.test(vendorClass)
    ? PXE_CLIENT
    : encodeVendorClass(vendorClass)
}

const isBytes = (value: VendorOptions | OptionValue): value is OptionValue =>
  typeof value === 'string' || value instanceof Uint8Array || Array.isArray(value)

/** Option 43, and whether it is the same for all machines of this firmware. */
const vendorOptionsOf = (
  request: BootRequest,
  row: FirmwareRow,
  answer: BootAnswer,
  layout: ReplyLayout,
): Uint8Array | undefined => {
  const { bootItem } = request
  // iPXE and BIOS ROMs take an answer on 4011 only where it names the item that they asked for.
  if (bootItem) return encodeVendorOptions({ bootItem })
  const { vendorOptions, menu } = answer
  if (vendorOptions !== undefined)
    return isBytes(vendorOptions)
      ? bytesOf('vendorOptions', vendorOptions)
      : encodeVendorOptions(vendorOptions)
  if (layout === 'menu' && menu)
    return encodeVendorOptions(menuVendorOptions(menu, request.localAddress))
  if (layout === row.layout && row.vendorOptions) return row.vendorOptions
  return LAYOUT_VENDOR_OPTIONS[layout]
}

const maxReplyBytes = (view: PacketView): number => {
  const start = view.startOf(OptionCode.MAX_MESSAGE_SIZE)
  const asked =
    view.lengthOf(OptionCode.MAX_MESSAGE_SIZE) === 2
      ? (view.bytes[start]! << 8) | view.bytes[start + 1]!
      : 0
  return Math.min(Math.max(asked, MIN_MESSAGE_BYTES) - HEADERS_BYTES, MAX_REPLY_BYTES)
}

/** What boots: the decision's own file, or that of the item chosen from its menu. */
const targetOf = (
  request: BootRequest,
  answer: BootAnswer,
): { file?: string | undefined; nextServer: string } | undefined => {
  const ownServer = answer.nextServer ?? request.localAddress
  const { bootItem } = request
  // Bit 15 asks for credentials (BIS), which nobody has.
  if (bootItem && (bootItem.layer & 0x8000) !== 0) return undefined
  if (!answer.menu || !bootItem) return { file: answer.file, nextServer: ownServer }
  const item = chosenItem(answer.menu, bootItem)
  if (item?.file === undefined) return undefined
  return { file: item.file, nextServer: item.nextServer ?? ownServer }
}

/** RFC 5107 §5: a relay may want to be the server in the client's eyes. EDK2 drops a server id of zero. */
const serverIdOf = ({ relay, localAddress }: BootRequest): string => {
  const override = relay?.serverIdOverride
  return override !== undefined && parseAddress(override) ? override : localAddress
}

const ROWS: ReadonlyMap<string, FirmwareRow> = new Map(
  FIRMWARE_ROWS.toReversed().map((row) => [row.name, row]),
)

const rowOf = (request: BootRequest): FirmwareRow =>
  request instanceof ReceivedRequest ? request.row : ROWS.get(request.firmware)!

const viewOfRequest = (request: BootRequest): PacketView =>
  request instanceof ReceivedRequest ? request.view : viewOf(request.packet)

const HTTP_URL = /^https?:\/\//i
/** Longest delay of a reply: firmware has given up by then. */
const MAX_DELAY_MS = 10_000

/** Layouts of firmware that boots without being told a file. */
const WITHOUT_FILE: ReadonlySet<string> = new Set(
  FIRMWARE_ROWS.filter(({ needsFile }) => !needsFile).map(({ layout }) => layout),
)

const checkAnswer = ({ menu, delayMs }: BootAnswer, layout: ReplyLayout, file?: string): void => {
  if (LAYOUT_VENDOR_OPTIONS[layout] === undefined && !REPLY_LAYOUTS.includes(layout))
    refuse(`layout ${JSON.stringify(layout)} is not one of ${REPLY_LAYOUTS.join(', ')}`)
  if (delayMs !== undefined && !(delayMs >= 0 && delayMs <= MAX_DELAY_MS))
    refuse(`delayMs ${delayMs} is outside 0–${MAX_DELAY_MS}`)
  if (file !== undefined && (typeof file !== 'string' || file === '')) encodeBootFile(file)
  if (file === undefined && !menu && !WITHOUT_FILE.has(layout))
    refuse(`a decision to boot with layout ${layout} needs a file or a menu`)
  if (layout === 'http-boot' && !HTTP_URL.test(file ?? ''))
    refuse(
      `file ${JSON.stringify(file)} is not the http:// or https:// URL that layout http-boot needs`,
    )
  if (layout === 'menu' && !menu) refuse('layout menu needs a menu')
}

const isUefi = ({ firmware, architecture }: BootRequest): boolean =>
  firmware !== 'ipxe' && ARCHITECTURES.get(architecture ?? -1)?.platform === 'efi'

class BuiltReply implements Reply {
  readonly type: 'offer' | 'ack'
  readonly layout: ReplyLayout
  readonly file: string | undefined
  readonly nextServer: string
  readonly to: Endpoint
  readonly fromPort: Service
  readonly delayMs: number
  readonly bytes: Uint8Array

  constructor(fields: Omit<Reply, 'packet'>) {
    this.type = fields.type
    this.layout = fields.layout
    this.file = fields.file
    this.nextServer = fields.nextServer
    this.to = fields.to
    this.fromPort = fields.fromPort
    this.delayMs = fields.delayMs
    this.bytes = fields.bytes
  }

  get packet(): DhcpPacket {
    return decodePacket(this.bytes)
  }
}

/**
 * The exact reply to a request, and where it goes. Pure: the same request and decision give the same bytes.
 * @returns undefined where the request chose a menu item that the decision does not have, or asks for credentials
 * @throws {DhcpError} `ERR_DHCP_DECISION`, `ERR_DHCP_MENU`, `ERR_DHCP_BOOT_FILE`, `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG` or
 *   `ERR_DHCP_REPLY_TOO_LARGE`
 */
export const buildReply = (request: BootRequest, answer: BootAnswer): Reply | undefined => {
  const target = targetOf(request, answer)
  if (!target) return undefined
  const { file, nextServer } = target
  const row = rowOf(request)
  const layout = answer.layout ?? (answer.menu ? 'menu' : row.layout)
  checkAnswer(answer, layout, file)
  if (answer.menu && isUefi(request))
    checkMenuForUefi(answer.menu, answer.nextServer ?? request.localAddress, request.localAddress)
  if (!parseAddress(nextServer))
    refuse(`nextServer ${JSON.stringify(nextServer)} is not an IPv4 address other than 0.0.0.0`)
  const isOffer = request.type === 'discover'
  const view = viewOfRequest(request)
  const vendorClass = vendorClassOf(request, row, answer.vendorClass)
  const vendorOptions = vendorOptionsOf(request, row, answer, layout)
  const head = {
    messageType: isOffer ? MessageType.OFFER : MessageType.ACK,
    serverId: serverIdOf(request),
    // A BINL client asks `siaddr` on port 4011, and only that answer names the real TFTP server.
    nextServer: layout === 'binl' && isOffer ? request.localAddress : nextServer,
    vendorClass,
    vendorOptions,
    isCommon:
      answer.vendorClass === undefined &&
      (vendorOptions === undefined ||
        vendorOptions === row.vendorOptions ||
        vendorOptions === LAYOUT_VENDOR_OPTIONS[layout]),
  }
  const bytes = replyBytes(view, head, { file: file ?? '', options: moreOptions(answer) })
  const limit = maxReplyBytes(view)
  if (bytes.length > limit) {
    const message = `a reply of ${bytes.length} bytes is larger than the ${limit} this client takes (option 57)`
    throw new DhcpError('ERR_DHCP_REPLY_TOO_LARGE', message)
  }
  return new BuiltReply({
    type: isOffer ? 'offer' : 'ack',
    layout,
    file,
    nextServer,
    to: destinationOf(request),
    fromPort: request.port,
    delayMs: answer.delayMs ?? (isOffer && layout === row.layout ? row.offerDelayMs : 0),
    bytes,
  })
}

/** True for file names and URLs of iPXE binaries, by which the loop guard knows them. */
export const isIpxeBinary = (file: string): boolean => {
  const [path = ''] = file.split(/[?#]/, 1)
  return /(?:^|[/\\])(?:undionly|[^/\\]*ipxe|snponly|snp)[^/\\]*\.(?:k?k?pxe|efi|lkrn|0)$/i.test(
    path,
  )
}

/** True where iPXE would be handed iPXE again, for ever; `file` is that of the reply, so of a chosen menu item too. */
export const wouldLoop = (
  { firmware }: BootRequest,
  { chainAgain }: BootAnswer,
  { file }: Reply,
  isBinary: (file: string) => boolean,
): boolean => firmware === 'ipxe' && !chainAgain && file !== undefined && isBinary(file)
