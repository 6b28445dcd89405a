import { messageOf } from '@bootwire-internal/common'

import { readAddress } from '../codec/address.ts'
import { decodePacket } from '../codec/decode.ts'
import { messageTypeName } from '../codec/options/message-type.ts'
import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { escapeText } from '../codec/text.ts'
import { viewOf, viewPacket, type PacketView } from '../codec/view.ts'
import { done, drop, type Result } from './drop.ts'
import { VENDOR_CLASSES } from './firmware.ts'
import { ReceivedRequest } from './received.ts'
import { normalMac, type Arrival, type BootRequest } from './request.ts'

/** Which packets are a request for this server. */
export interface IntakeOptions {
  /** How option 60 of a client begins that is answered. Default: `VENDOR_CLASSES`, those of all known firmware. */
  readonly vendorClasses?: readonly string[]
  /** MACs whose REQUEST on port 67 is answered too; one Intel card boots only so. Default: none. */
  readonly answerRequestsOf?: readonly string[]
}

/** RFC 1542 §4.1.1: a packet that went through more relays than this is going round in circles. */
const MAX_HOPS = 16

const GIADDR = 24

/** True for an address that a relay agent of another host can have. */
const isRelayAddress = (address: string, localAddress: string): boolean => {
  const first = Number(address.split('.', 1)[0])
  return address !== localAddress && first !== 0 && first !== 127 && first < 224
}

const TYPES: Readonly<Record<number, BootRequest['type']>> = {
  [MessageType.DISCOVER]: 'discover',
  [MessageType.REQUEST]: 'request',
  [MessageType.INFORM]: 'inform',
}

/** A request on 67 names the main DHCP server in option 54: only a boot item chosen from our menu is for us. */
const isForOthers = (request: ReceivedRequest, quirks: readonly string[]): boolean => {
  if (request.port !== 67 || request.type === 'discover') return false
  if (quirks.some((mac) => normalMac(mac) === request.mac)) return false
  if (!request.bootItem) return true
  const server = request.view.option(OptionCode.SERVER_ID)
  return server?.length === 4 && readAddress(server) !== request.localAddress
}

/** A PXE client by its option 60; on 4011 one without it is too (the Raspberry Pi 4 leaves it out there). */
const isOurKind = (
  { vendorClass, port, architectures }: ReceivedRequest,
  prefixes: readonly string[],
): boolean => {
  if (vendorClass === undefined) return port === 4011 && architectures.length > 0
  for (const prefix of prefixes) if (vendorClass.startsWith(prefix)) return true
  return false
}

const notPxe = ({ vendorClass }: ReceivedRequest): string =>
  vendorClass === undefined ? 'no vendor class (option 60)' : escapeText(vendorClass)

/** Turns a packet into the request it makes of a ProxyDHCP server, or says why it makes none. Pure. */
export const receive = (
  view: PacketView,
  arrival: Arrival,
  options: IntakeOptions,
): Result<ReceivedRequest> => {
  if (view.op !== 1) return drop('not-a-request', `op ${view.op} is a reply`)
  const { messageType } = view
  if (messageType === undefined) return drop('bootp', 'no message type (option 53)')
  const type = TYPES[messageType]
  if (!type) return drop('message-type', messageTypeName(messageType))
  if (type === 'discover' && arrival.port === 4011)
    return drop('message-type', 'DISCOVER on port 4011')

  // UDP has no port 0 to answer to.
  if (arrival.peer.port === 0) return drop('source-port', 'source port 0')
  if (view.hops > MAX_HOPS) return drop('hops', `${view.hops} hops`)
  if (view.u32(GIADDR) !== 0) {
    const relay = readAddress(view.bytes, GIADDR)
    if (!isRelayAddress(relay, arrival.localAddress))
      return drop('relay-address', `giaddr ${relay} is no relay's`)
  }
  const request = new ReceivedRequest(view, arrival, type)
  if (!isOurKind(request, options.vendorClasses ?? VENDOR_CLASSES))
    return drop('not-pxe', notPxe(request))
  if (isForOthers(request, options.answerRequestsOf ?? []))
    return drop('other-server', `${messageTypeName(messageType)} is the main DHCP server's`)
  return done(request)
}

/** Walks the bytes of a packet; where they are malformed, in the words of `decodePacket`. */
export const viewOrDrop = (bytes: Uint8Array): Result<PacketView> => {
  const view = viewPacket(bytes)
  if (view) return done(view)
  try {
    return done(viewOf(decodePacket(bytes)))
  } catch (error) {
    return drop('malformed', messageOf(error))
  }
}

/** Turns a packet, or its bytes, into the request it makes of a ProxyDHCP server, or says why it makes none. Pure. */
export const readRequest = (
  packet: DhcpPacket | Uint8Array,
  arrival: Arrival,
  options: IntakeOptions = {},
): Result<BootRequest> => {
  const view = packet instanceof Uint8Array ? viewOrDrop(packet) : done(viewOf(packet))
  return view.ok ? receive(view.value, arrival, options) : view
}
