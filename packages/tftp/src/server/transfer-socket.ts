import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

import type { Endpoint } from '../channels.ts'
import { TftpError } from '../errors.ts'
import type { Wire } from '../session/session.ts'
import { numericLookup } from '../udp.ts'

/** What a transfer talks through; a socket of its own, or a share of the listener. */
export interface TransferWire extends Wire {
  close(): void
}

/** What happens at the other end. */
export interface WireEvents {
  readonly onDatagram: (datagram: Uint8Array) => void
  /** ICMP says that the peer's port is closed. */
  readonly onGone: () => void
  /** ICMP says that a packet was too long for the path. The kernel now cuts what is sent there. */
  readonly onTooLong: () => void
}

/** Opens the way to a client. */
export type OpenWire = (local: string, peer: Endpoint, events: WireEvents) => Promise<TransferWire>

/** Ports to choose from; 0: the system chooses. */
type PortRange = { readonly from: number; readonly to: number }

/** Opens the way to a client from one address and port. Rejects with `EADDRINUSE` when somebody else has it. */
export type OpenWireFrom = (
  local: Endpoint,
  peer: Endpoint,
  events: WireEvents,
) => Promise<TransferWire>

const bind = (socket: Socket, { port, address }: Endpoint): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', reject)
      resolve()
    })
  })

/** Makes a bound socket one for this peer alone. */
export const connect = (socket: Socket, peer: Endpoint): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.connect(peer.port, peer.address, (error?: Error) => (error ? reject(error) : resolve()))
  })

/** True for a bind that failed because somebody else has the port. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/** Where to answer an IPv4 client from that asked an IPv6 socket: a wildcard, unless it is bound to one address. */
const ipv4Of = (local: string): string => {
  return isIPv6(local) ? '0.0.0.0' : local
}

/**
 * Errors of a connected socket are ICMP's. A dead client says ECONNREFUSED and a path with a smaller MTU EMSGSIZE; all
 * others (no route for a moment, a firewall) are for the time-out to find out.
 */
export const hearIcmp = (code: string | undefined, { onGone, onTooLong }: WireEvents): void => {
  if (code === 'ECONNREFUSED') onGone()
  else if (code === 'EMSGSIZE') onTooLong()
}

/**
 * A connected socket, bound to the address that was asked: the kernel keeps strangers out and reports a dead peer, and
 * sending needs no look-up (−11 % CPU, measured). Plain node:dgram, because dgram-as-promised cannot send on a connected
 * socket.
 */
const plainWire: OpenWireFrom = async (local, peer, events) => {
  const isV6 = isIPv6(local.address)
  const type = isV6 ? 'udp6' : 'udp4'
  const socket = createSocket({ type, ipv6Only: isV6, lookup: numericLookup })
  let open = true
  try {
    await bind(socket, local)
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (open) hearIcmp(code, events)
    })
    await connect(socket, peer)
  } catch (error) {
    socket.close()
    throw error
  }
  // What came between bind and connect may be anybody's.
  socket.on('message', (datagram, from) => {
    if (from.port === peer.port && from.address === peer.address) events.onDatagram(datagram)
  })
  return {
    // Without a callback nothing is allocated; a failed send is as good as a lost datagram.
    send: (datagram) => {
      if (open) socket.send(datagram)
    },
    queued: () => socket.getSendQueueCount(),
    close: () => {
      if (!open) return
      open = false
      socket.close()
    },
  }
}

/** A socket for each transfer, on any port or one out of a range. */
export const socketPerTransfer =
  (ports: PortRange = { from: 0, to: 0 }, openWireFrom: OpenWireFrom = plainWire): OpenWire =>
  async (local, peer, events) => {
    const address = isIPv6(peer.address) ? local : ipv4Of(local)
    const count = ports.to - ports.from + 1
    const first = randomInt(count)
    for (let i = 0; i < count; i++) {
      const port = ports.from + ((first + i) % count)
      try {
        return await openWireFrom({ address, port }, peer, events)
      } catch (error) {
        if (!isTaken(error)) throw error
      }
    }
    throw new TftpError(
      'ERR_TFTP_NO_SOCKET',
      `all ${count} ports ${ports.from}–${ports.to} are taken`,
    )
  }
