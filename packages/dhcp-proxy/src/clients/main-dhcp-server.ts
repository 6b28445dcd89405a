import { ACK, CLIENT_PORT, DISCOVER, OFFER, REQUEST, SERVER_PORT } from './dhcp-ports.ts'
import type { Answer, VirtualServer } from './simulate.ts'
import type { Datagram } from './types.ts'
import {
  addressAt,
  addressBytes,
  BROADCAST,
  cString,
  NO_ADDRESS,
  optionOf,
  readReply,
  text,
  u16,
  writePacket,
  type RawOption,
} from './wire.ts'

/** How a main DHCP server that knows nothing of us may behave. */
export interface MainDhcpOptions {
  /** Default: 192.0.2.1. */
  readonly address?: string
  /** The address it gives. Default: 192.0.2.100. */
  readonly lease?: string
  /** Says PXEClient or HTTPClient back to whoever says it: the well-known blocker. Default: false. */
  readonly echoesVendorClass?: boolean
  /** siaddr. Default: its own address, as dnsmasq and many routers do. */
  readonly nextServer?: string
  /** The header field `file`. Default: none. */
  readonly file?: string
  /** Option 67. Default: none. */
  readonly bootFileOption?: string
  /** Names a DNS server. Default: true. */
  readonly dns?: boolean
  /** Time until it answers, in milliseconds: dnsmasq pings for 3000 first. Default: 0. */
  readonly delayMs?: number
  /** Says nothing at all. Default: false. */
  readonly silent?: boolean
}

/** A main DHCP server for simulations: DISCOVER and REQUEST of one client, in the behaviour asked for. */
export const mainDhcpServer = (options: MainDhcpOptions = {}): VirtualServer => {
  const address = options.address ?? '192.0.2.1'
  const lease = options.lease ?? '192.0.2.100'

  const answer = (datagram: Datagram): readonly Answer[] => {
    const request = readReply(datagram.payload)
    if (options.silent || !request || request.op !== 1 || datagram.to.port !== SERVER_PORT)
      return []
    const type = optionOf(request, 53)?.[0]
    const named = optionOf(request, 54)
    if (type === REQUEST && (!named || addressAt(named, 0) !== address)) return []
    if (type !== DISCOVER && type !== REQUEST) return []
    const vendor = cString((optionOf(request, 60) ?? new Uint8Array()).subarray(0, 10))
    const echo = options.echoesVendorClass && /^(?:PXEClient|HTTPClient)/.exec(vendor)?.[0]
    const reply: RawOption[] = [
      [53, [type === DISCOVER ? OFFER : ACK]],
      [54, addressBytes(address)],
      [51, [0, 0, 14, 16]],
      [1, [255, 255, 255, 0]],
      [3, addressBytes(address)],
      ...(options.dns === false ? [] : ([[6, addressBytes(address)]] as RawOption[])),
      ...(echo ? ([[60, text(echo)]] as RawOption[]) : []),
      ...(options.bootFileOption ? ([[67, text(options.bootFileOption)]] as RawOption[]) : []),
    ]
    const broadcast = u16(request.bytes, 10) >= 0x8000
    return [
      {
        from: { address, port: SERVER_PORT },
        to: { address: broadcast ? BROADCAST : lease, port: CLIENT_PORT },
        delayMs: options.delayMs ?? 0,
        payload: writePacket({
          op: 2,
          hlen: request.hlen,
          xid: request.xid,
          flags: broadcast ? 0x8000 : 0,
          yiaddr: lease,
          siaddr: options.nextServer ?? (type ? address : NO_ADDRESS),
          chaddr: request.chaddr,
          file: options.file ?? '',
          options: reply,
          padTo: 300,
        }),
      },
    ]
  }
  return { address, answer }
}
