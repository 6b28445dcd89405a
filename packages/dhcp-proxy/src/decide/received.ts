import { readAddress } from '../codec/address.ts'
import { decodeClientId } from '../codec/options/client-id.ts'
import { decodeIpxe, type IpxeInfo } from '../codec/options/ipxe.ts'
import { decodeMachineId, swapUuid } from '../codec/options/machine-id.ts'
import { decodeRelayAgent } from '../codec/options/relay-agent.ts'
import { decodeVendorOptions, type BootItem } from '../codec/options/vendor.ts'
import { OptionCode, type DhcpPacket } from '../codec/packet.ts'
import { hexOf, readableBytes } from '../codec/text.ts'
import type { PacketView } from '../codec/view.ts'
import type { Endpoint, Service } from '../endpoint.ts'
import { clientClassOf, type ClientClass } from './client-class.ts'
import {
  architectureOf,
  firmwareRowOf,
  type Firmware,
  type FirmwareFacts,
  type FirmwareRow,
} from './firmware.ts'
import { ETHERNET, type Arrival, type BootRequest, type RelayFacts } from './request.ts'
import { isSharedUuid } from './shared-uuid.ts'

const CHADDR = 28
const CIADDR = 12
const GIADDR = 24
const NO_BYTES = new Uint8Array()

const relayOf = (view: PacketView): RelayFacts | undefined => {
  const bytes = view.option(OptionCode.RELAY_AGENT)
  const isRelayed = view.u32(GIADDR) !== 0
  if (!bytes && !isRelayed) return undefined
  const agent = decodeRelayAgent(bytes ?? NO_BYTES)
  return {
    ...(isRelayed && { address: readAddress(view.bytes, GIADDR) }),
    ...(agent.circuitId && { circuitId: readableBytes(agent.circuitId) }),
    ...(agent.remoteId && { remoteId: readableBytes(agent.remoteId) }),
    ...(agent.subscriberId && { subscriberId: readableBytes(agent.subscriberId) }),
    ...(agent.linkSelection && { linkSelection: agent.linkSelection }),
    ...(agent.serverIdOverride && { serverIdOverride: agent.serverIdOverride }),
    ...(agent.unicast !== undefined && { unicast: agent.unicast }),
  }
}

/** A request whose facts are read from the packet when somebody looks. */
export class ReceivedRequest implements BootRequest, FirmwareFacts {
  readonly port: Service
  readonly peer: Endpoint
  readonly interface: string
  readonly localAddress: string
  readonly type: BootRequest['type']
  readonly view: PacketView
  readonly #class: ClientClass
  #row: FirmwareRow | undefined
  #hardwareAddress: string | undefined
  #machineId: string | undefined

  constructor(view: PacketView, arrival: Arrival, type: BootRequest['type']) {
    this.port = arrival.port
    this.peer = arrival.peer
    this.interface = arrival.interface
    this.localAddress = arrival.localAddress
    this.type = type
    this.view = view
    this.#class = clientClassOf(view)
  }

  get xid(): number {
    return this.view.xid
  }

  get vendorClass(): string | undefined {
    return this.#class.vendorClass
  }

  get userClasses(): readonly string[] {
    return this.#class.userClasses
  }

  get architectures(): readonly number[] {
    return this.#class.architectures
  }

  /** The row of its firmware. */
  get row(): FirmwareRow {
    this.#row ??= firmwareRowOf(this)
    return this.#row
  }

  get firmware(): Firmware {
    return this.row.name
  }

  get architecture(): number | undefined {
    return architectureOf(this, this.row)
  }

  get hardwareAddress(): string {
    const { bytes, hlen } = this.view
    this.#hardwareAddress ??= hexOf(bytes, ':', CHADDR, CHADDR + hlen)
    return this.#hardwareAddress
  }

  get mac(): string | undefined {
    const { htype, hlen } = this.view
    return htype === ETHERNET && hlen === 6 ? this.hardwareAddress : undefined
  }

  /** Option 97, whether or not many machines share it. */
  get machineId(): string | undefined {
    if (this.#machineId !== undefined) return this.#machineId
    const bytes = this.view.option(OptionCode.MACHINE_ID)
    this.#machineId = bytes && decodeMachineId(bytes)
    return this.#machineId
  }

  get uuid(): string | undefined {
    const { machineId } = this
    if (machineId === undefined || isSharedUuid(machineId)) return undefined
    // U-Boot writes the fields big-endian: so that they read as on its console.
    return this.firmware === 'u-boot' ? swapUuid(machineId) : machineId
  }

  get swappedUuid(): string | undefined {
    const { uuid } = this
    return uuid === undefined ? undefined : swapUuid(uuid)
  }

  get sharedUuid(): string | undefined {
    const { machineId } = this
    return machineId !== undefined && isSharedUuid(machineId) ? machineId : undefined
  }

  get clientId(): string | undefined {
    const bytes = this.view.option(OptionCode.CLIENT_ID)
    return bytes && decodeClientId(bytes)
  }

  get relay(): RelayFacts | undefined {
    return relayOf(this.view)
  }

  get clientAddress(): string | undefined {
    return this.view.u32(CIADDR) === 0 ? undefined : readAddress(this.view.bytes, CIADDR)
  }

  get bootItem(): BootItem | undefined {
    const bytes = this.view.option(OptionCode.VENDOR)
    return bytes && decodeVendorOptions(bytes)?.bootItem
  }

  get ipxe(): IpxeInfo | undefined {
    const bytes = this.view.option(OptionCode.IPXE)
    return bytes && decodeIpxe(bytes)
  }

  get packet(): DhcpPacket {
    return this.view.packet
  }
}
