import { readAddress } from '../codec/address.ts'
import { MessageType, OptionCode } from '../codec/packet.ts'
import { hexOf } from '../codec/text.ts'
import type { PacketView } from '../codec/view.ts'
import { BoundedMap } from './bounded-map.ts'

/** What one packet tells of who has which address. */
export interface HeardAddress {
  readonly mac: string
  readonly address: string
  readonly from: 'used' | 'requested'
}

const CIADDR = 12
const CHADDR = 28

/** A client's packet names its address in `ciaddr` once it uses it, and in option 50 of a REQUEST before that. */
export const readHeardAddress = (view: PacketView): HeardAddress | undefined => {
  const { bytes } = view
  if (view.op !== 1 || view.htype !== 1 || view.hlen !== 6) return undefined
  const isUsed = view.u32(CIADDR) !== 0
  const isAsked =
    view.messageType === MessageType.REQUEST && view.lengthOf(OptionCode.REQUESTED_ADDRESS) === 4
  if (!isUsed && !isAsked) return undefined
  const at = isUsed ? CIADDR : view.startOf(OptionCode.REQUESTED_ADDRESS)
  return {
    mac: hexOf(bytes, ':', CHADDR, CHADDR + 6),
    address: readAddress(bytes, at),
    from: isUsed ? 'used' : 'requested',
  }
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
