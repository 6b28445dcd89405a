import { CLIENT_PORT } from './dhcp-ports.ts'
import { readIpxePacket, type IpxePacket } from './ipxe-settings.ts'
import { judge, nextDatagram, noteWait, send, type Journal, type Script } from './script.ts'
import type { Datagram } from './types.ts'
import { NO_ADDRESS, sameBytes, writePacket, type RawOption } from './wire.ts'

export interface Session {
  readonly journal: Journal
  readonly chaddr: Uint8Array
  readonly options: readonly RawOption[]
  xid: number
  /** Packets sent: secs is not a time but this, times four, and what is known. */
  count: number
  offer?: IpxePacket
  proxy?: IpxePacket
}

/** Option 54, 50 and 43 go behind the rest. 60 becomes what a server has said, once that is a setting. */
export const packetOf = (
  session: Session,
  type: number,
  more: readonly RawOption[],
  { ciaddr = NO_ADDRESS, vendor }: { ciaddr?: string; vendor?: Uint8Array } = {},
): Uint8Array => {
  session.count += 1
  const options = session.options.map((option): RawOption =>
    option[0] === 60 && vendor ? [60, vendor] : option,
  )
  return writePacket({
    xid: session.xid,
    secs: session.count * 4 + (session.offer ? 2 : 0) + (session.proxy ? 1 : 0),
    // With an address of its own it asks for broadcasts, as unicasts for another address would be rejected.
    flags: ciaddr === NO_ADDRESS ? 0 : 0x8000,
    ciaddr,
    chaddr: session.chaddr,
    options: [[53, [type]], [57, [5, 192]], ...options, ...more],
  })
}

export const readFor = (session: Session, datagram: Datagram): IpxePacket | undefined => {
  if (datagram.to.port !== CLIENT_PORT) return undefined
  const packet = readIpxePacket(datagram)
  if (!packet || packet.reply.xid !== session.xid) return undefined
  return sameBytes(packet.reply.chaddr.subarray(0, 6), session.chaddr.subarray(0, 6))
    ? packet
    : undefined
}

// Sends, and again after each time-out, until a packet is accepted.
export function* exchange(
  session: Session,
  waitsMs: readonly number[],
  next: () => Datagram,
  refuses: (packet: IpxePacket) => string | undefined,
): Script<IpxePacket | undefined> {
  for (const waitMs of waitsMs) {
    const sinceMs = session.journal.nowMs
    const datagram = next()
    yield* send(datagram)
    for (
      let got = yield* nextDatagram(sinceMs + waitMs);
      got;
      got = yield* nextDatagram(sinceMs + waitMs)
    ) {
      const packet = readFor(session, got)
      if (!packet) continue
      const why = refuses(packet)
      yield* judge(got, why === undefined, 'answer', why ?? 'what was asked for')
      if (why !== undefined) continue
      noteWait(session.journal, `answer of ${datagram.to.address}:${datagram.to.port}`, sinceMs)
      return packet
    }
    noteWait(session.journal, `answer of ${datagram.to.address}:${datagram.to.port}`, sinceMs)
  }
  return undefined
}
