import { decodeArchitectures } from '../../codec/options/architecture.ts'
import { hexOf } from '../../codec/text.ts'
import { macOfAddress6 } from '../codec/address.ts'
import {
  OptionCode6,
  valueOf,
  type ClientServerMessage,
  type RelayMessage,
} from '../codec/message.ts'
import { decodeDuid, macOfDuid } from '../codec/options/duid.ts'
import { decodeLinkLayerAddress } from '../codec/options/link-layer-address.ts'
import { decodeUserClasses6 } from '../codec/options/user-class.ts'
import { decodeVendorClass6, PXE_ENTERPRISE } from '../codec/options/vendor-class.ts'
import type { Relayed } from '../codec/relay.ts'

/** The service that a message reached: 547 is DHCPv6, 4011 the boot server of UEFI PXE. */
export type Service6 = 547 | 4011

/** Where a message came in, and from whom. */
export interface Arrival6 {
  readonly port: Service6
  /** Who sent it, a client or a relay agent; without a zone. */
  readonly peerAddress: string
  readonly interface: string
}

/** Every fact that one request over IPv6 tells. */
export interface BootRequest6 extends Arrival6 {
  /** How it boots: over TFTP (`PXEClient`), or over HTTP (`HTTPClient`). */
  readonly protocol: 'pxe' | 'http'
  /** All bytes of the DUID, hex with colons. iPXE has another one than the firmware of the same machine. */
  readonly duid: string
  /** By a relay agent (RFC 6939), a link-local address that was made of it, or the DUID, in this order. */
  readonly mac?: string
  /** Option 61, most wanted first. */
  readonly architectures: readonly number[]
  readonly userClasses: readonly string[]
  /** The first item of option 16. */
  readonly vendorClass: string
  readonly message: ClientServerMessage
  /** The nearest to the server first. */
  readonly relays: readonly RelayMessage[]
}

const ETHERNET = 1
const NO_BYTES = new Uint8Array()
/** A MAC with its colons. */
const MAC_LENGTH = 17

/** The relay agent next to the client saw who sent. */
const relayedMac = (relay: RelayMessage): string | undefined => {
  const bytes = valueOf(relay.options, OptionCode6.CLIENT_LINKLAYER_ADDR)
  const seen = bytes && decodeLinkLayerAddress(bytes)
  return seen?.hardwareType === ETHERNET && seen.address.length === MAC_LENGTH
    ? seen.address
    : macOfAddress6(relay.peerAddress)
}

const macOf = (
  clientId: Uint8Array,
  { relays }: Relayed,
  peerAddress: string,
): string | undefined => {
  const nearest = relays.at(-1)
  const seen = nearest ? relayedMac(nearest) : macOfAddress6(peerAddress)
  if (seen !== undefined) return seen
  const duid = decodeDuid(clientId)
  return duid && macOfDuid(duid)
}

/** `PXEClient` and `HTTPClient` of Intel's enterprise: what EDK2 says, and what it looks for in an answer. */
const protocolOf = (vendorClass: string): BootRequest6['protocol'] | undefined => {
  if (vendorClass.startsWith('PXEClient')) return 'pxe'
  return vendorClass.startsWith('HTTPClient') ? 'http' : undefined
}

/** The facts of a message with a client id; undefined where it is none of PXE or HTTP Boot firmware. */
export const factsOf = (
  relayed: Relayed,
  clientId: Uint8Array,
  arrival: Arrival6,
): BootRequest6 | undefined => {
  const { message, relays } = relayed
  const value = (code: number): Uint8Array => valueOf(message.options, code) ?? NO_BYTES
  const { enterprise, classes } = decodeVendorClass6(value(OptionCode6.VENDOR_CLASS)) ?? {}
  const vendorClass = classes?.[0] ?? ''
  const protocol = enterprise === PXE_ENTERPRISE ? protocolOf(vendorClass) : undefined
  if (!protocol) return undefined
  const mac = macOf(clientId, relayed, arrival.peerAddress)
  return {
    ...arrival,
    protocol,
    duid: hexOf(clientId, ':'),
    ...(mac !== undefined && { mac }),
    architectures: decodeArchitectures(value(OptionCode6.CLIENT_ARCH_TYPE)) ?? [],
    userClasses: decodeUserClasses6(value(OptionCode6.USER_CLASS)) ?? [],
    vendorClass,
    message,
    relays,
  }
}
