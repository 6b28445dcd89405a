import type { Datagram } from './types.ts'
import { cString, fileField, findOption, optionOf, readReply, type Reply } from './wire.ts'
import { addressAt, NO_ADDRESS, OPTIONS_AT } from './wire.ts'

/** A packet as iPXE looks at it. It joins no split options and knows no overload; a missing END is no fault. */
export interface IpxePacket {
  readonly datagram: Datagram
  readonly reply: Reply
  readonly type: number
  readonly serverId: string
  /** Option 54, else siaddr, else the sender: what iPXE takes for the server's address. */
  readonly pseudoId: string
  readonly isPxeClient: boolean
  /** `file`, and only where that is empty option 67. */
  readonly filename: string
  readonly nextServer: string
  /** 175.1, signed. */
  readonly priority: number
  /** 175.176: do not wait for ProxyDHCP. */
  readonly noProxy: boolean
}

/** The first option of this number. */
export const ipxeOption: (reply: Reply, tag: number) => Uint8Array | undefined = optionOf

/** A sub-option of an encapsulating option such as 43 or 175. */
export const ipxeSubOption = (reply: Reply, tag: number, sub: number): Uint8Array | undefined => {
  const found = reply.hasCookie ? findOption(reply.bytes, tag, OPTIONS_AT) : undefined
  return found && findOption(reply.bytes, sub, found.at + 2, found.end)?.value
}

const addressOr = (value: Uint8Array | undefined): string =>
  value && value.length >= 4 ? addressAt(value, 0) : NO_ADDRESS

export const readIpxePacket = (datagram: Datagram): IpxePacket | undefined => {
  const reply = readReply(datagram.payload)
  if (!reply) return undefined
  const serverId = addressOr(ipxeOption(reply, 54))
  const pseudoId =
    [serverId, reply.siaddr].find((address) => address !== NO_ADDRESS) ?? datagram.from.address
  const priority = ipxeSubOption(reply, 175, 1)?.[0] ?? 0
  return {
    datagram,
    reply,
    type: ipxeOption(reply, 53)?.[0] ?? 0,
    serverId,
    pseudoId,
    isPxeClient: cString(ipxeOption(reply, 60)?.subarray(0, 9) ?? new Uint8Array()) === 'PXEClient',
    filename: fileField(reply) || cString(ipxeOption(reply, 67) ?? new Uint8Array()),
    nextServer: reply.siaddr,
    priority: priority > 127 ? priority - 256 : priority,
    noProxy: (ipxeSubOption(reply, 175, 176)?.[0] ?? 0) !== 0,
  }
}

/** Whether an offer can be used as it is: a server and a file, or a menu. Otherwise port 4011 is asked. */
export const hasPxeOptions = (packet: IpxePacket): boolean =>
  (packet.nextServer !== NO_ADDRESS && packet.filename !== '') ||
  ipxeSubOption(packet.reply, 43, 9) !== undefined
