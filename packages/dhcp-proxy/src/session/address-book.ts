import { readAddress } from '../codec/address.ts'
import { decodeMessageType } from '../codec/options/message-type.ts'
import { MessageType, OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { hexOf } from '../codec/text.ts'
import { BoundedMap } from './bounded-map.ts'

/** What one packet tells of who has which address. */
export interface HeardAddress {
  readonly mac: string
  readonly address: string
  readonly from: 'used' | 'requested'
}

const UNSET = '0.0.0.0'

const readAddressOf = ({ ciaddr, options }: DhcpPacket): Omit<HeardAddress, 'mac'> | undefined => {
  if (ciaddr !== UNSET) return { address: ciaddr, from: 'used' }
  const asked = options.get(OptionCode.REQUESTED_ADDRESS)
  if (asked?.length !== 4) return undefined
  const isRequest = decodeMessageType(options.get(OptionCode.MESSAGE_TYPE)) === MessageType.REQUEST
  return isRequest ? { address: readAddress(asked), from: 'requested' } : undefined
}

/** A client's packet names its address in `ciaddr` once it uses it, and in option 50 of a REQUEST before that. */
export const readHeardAddress = (packet: DhcpPacket): HeardAddress | undefined => {
  if (packet.op !== 1 || packet.htype !== 1 || packet.hlen !== 6) return undefined
  const address = readAddressOf(packet)
  return address && { mac: hexOf(packet.chaddr.subarray(0, 6), ':'), ...address }
}

/** Addresses heard of, in both directions: at most 4096 machines, each for an hour. */
export class AddressBook {
  readonly #byMac = new BoundedMap<string>(4096, 3_600_000)
  readonly #byAddress = new BoundedMap<string>(4096, 3_600_000)

  /** True where this is news. */
  learn({ mac, address }: HeardAddress, nowMs: number): boolean {
    const known =
      this.#byMac.get(mac, nowMs) === address && this.#byAddress.get(address, nowMs) === mac
    this.#byMac.set(mac, address, nowMs)
    this.#byAddress.set(address, mac, nowMs)
    return !known
  }

  addressOf(mac: string, nowMs: number): string | undefined {
    return this.#byMac.get(mac, nowMs)
  }

  macOf(address: string, nowMs: number): string | undefined {
    return this.#byAddress.get(address, nowMs)
  }
}
