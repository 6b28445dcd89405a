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

const bind = (socket: Socket, port: number, address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', reject)
      resolve()
    })
  })

const connect = (socket: Socket, peer: Endpoint): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.connect(peer.port, peer.address, (error?: Error) => (error ? reject(error) : resolve()))
  })

/** True for a bind that failed because somebody else has the port. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

const opened = async (local: string, ports: PortRange): Promise<Socket> => {
  const count = ports.to - ports.from + 1
  const first = randomInt(count)
  for (let i = 0; i < count; i++) {
    const socket = createSocket({
      type: isIPv6(local) ? 'udp6' : 'udp4',
      ipv6Only: isIPv6(local),
      lookup: numericLookup,
    })
    try {
      await bind(socket, ports.from + ((first + i) % count), local)
      return socket
    } catch (error) {
      socket.close()
      if (!isTaken(error)) throw error
    }
  }
  throw new TftpError(
    'ERR_TFTP_NO_SOCKET',
    `all ${count} ports ${ports.from}–${ports.to} are taken`,
  )
}

/** Where to answer an IPv4 client from that asked an IPv6 socket: a wildcard, unless it is bound to one address. */
const ipv4Of = (local: string): string => {
  return isIPv6(local) ? '0.0.0.0' : local
}

/**
 * A connected socket for each transfer, bound to the address that was asked: the kernel keeps strangers out and
 * reports a dead peer, and sending needs no look-up (−11 % CPU, measured). Plain node:dgram, because
 * dgram-as-promised cannot send on a connected socket.
 */
export const socketPerTransfer =
  (ports: PortRange = { from: 0, to: 0 }): OpenWire =>
  async (local, { address, port }, { onDatagram, onGone, onTooLong }) => {
    const socket = await opened(isIPv6(address) ? local : ipv4Of(local), ports)
    let open = true
    // Errors of a connected socket are ICMP's. A dead client says ECONNREFUSED and a path with a smaller MTU EMSGSIZE;
    // all others (no route for a moment, a firewall) are for the time-out to find out.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!open) return
      if (error.code === 'ECONNREFUSED') onGone()
      else if (error.code === 'EMSGSIZE') onTooLong()
    })
    try {
      await connect(socket, { port, address })
    } catch (error) {
      socket.close()
      throw error
    }
    // What came between bind and connect may be anybody's.
    socket.on('message', (datagram, from) => {
      if (from.port === port && from.address === address) onDatagram(datagram)
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
