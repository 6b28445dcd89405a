import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

import type { Endpoint } from '../channels.ts'
import { TftpError } from '../errors.ts'
import type { Wire } from '../session/session.ts'
import { numericLookup } from '../udp.ts'

/** What the network says. */
export interface SocketEvents {
  readonly onDatagram: (datagram: Uint8Array, from: Endpoint) => void
  /** ICMP: nobody listens at the peer's port. */
  readonly onGone: () => void
  /** ICMP: a packet was too long for the path. */
  readonly onTooLong: () => void
}

/** A client's way to its server. */
export interface ClientSockets {
  /** Sends to anybody. */
  send(datagram: Uint8Array, to: Endpoint): void
  /** From here on the transfer is with `peer`. */
  transferWith(peer: Endpoint): Wire
  /** What happens here keeps no process alive any more. */
  unref(): void
  close(): void
}

/** Somebody else may take the port between the look and the bind. */
const MAX_TRIES = 8

const isSame = (a: Endpoint | undefined, b: Endpoint): boolean =>
  a !== undefined && a.port === b.port && a.address === b.address

type Family = 'udp4' | 'udp6'

/** A port that nobody has just now. All addresses are numeric: binding happens at once. */
const freePort = (type: Family, address: string): number => {
  const socket = createSocket({ type, lookup: numericLookup })
  let failure: Error | undefined
  socket.on('error', (error) => (failure = error))
  try {
    socket.bind({ port: 0, address, exclusive: true })
    if (failure) throw failure
    return socket.address().port
  } finally {
    socket.close()
  }
}

/** A socket on this port, which it may share with others of ours; undefined: it cannot be had. */
const sharing = (type: Family, port: number, address: string): Socket | undefined => {
  const socket = createSocket({ type, reuseAddr: true, lookup: numericLookup })
  let failed = false
  const onError = () => (failed = true)
  socket.on('error', onError)
  socket.bind({ port, address, exclusive: true })
  socket.off('error', onError)
  if (!failed) return socket
  socket.close()
  return undefined
}

const openPair = (type: Family, address: string): readonly [Socket, Socket | undefined] => {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = freePort(type, address)
    const open = sharing(type, port, address)
    if (open) return [open, sharing(type, port, address)]
  }
  throw new TftpError('ERR_TFTP_NO_SOCKET', `there is no free port at ${address}`)
}

/**
 * Two sockets on one port. The open one hears whoever answers: a server takes another port for each transfer
 * (RFC 1350 section 4). The connected one sends to the server, and later to the transfer's port, because the kernel
 * reports ICMP to connected sockets only: that nobody listens, or that a packet was too long. It has precedence for
 * datagrams from there.
 *
 * @throws what the system says, or `ERR_TFTP_NO_SOCKET`
 */
export const openSockets = (
  server: Endpoint,
  localAddress: string | undefined,
  events: SocketEvents,
): ClientSockets => {
  const type = isIPv6(server.address) ? 'udp6' : 'udp4'
  const [open, connected] = openPair(type, localAddress ?? (type === 'udp6' ? '::' : '0.0.0.0'))
  const sockets = connected ? [open, connected] : [open]
  let over = false
  /** Whom the connected socket is connected to. */
  let partner: Endpoint | undefined
  for (const socket of sockets) {
    socket.on('message', (datagram, { address, port }) => {
      if (!over) events.onDatagram(datagram, { address, port })
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (over) return
      if (code === 'ECONNREFUSED') events.onGone()
      else if (code === 'EMSGSIZE') events.onTooLong()
    })
  }
  const connect = (to: Endpoint): void => {
    if (!connected || isSame(partner, to)) return
    try {
      if (partner) connected.disconnect()
      partner = undefined
      // Without it everything works, only that ICMP is not heard.
      connected.connect(to.port, to.address, (error?: Error) => {
        if (error) partner = undefined
      })
      partner = to
    } catch {
      partner = undefined
    }
  }
  const send = (datagram: Uint8Array, to: Endpoint): void => {
    if (over) return
    if (connected && isSame(partner, to)) connected.send(datagram)
    else open.send(datagram, to.port, to.address)
  }
  connect(server)
  return {
    send,
    transferWith: (peer) => {
      connect(peer)
      return {
        send: (datagram) => send(datagram, peer),
        queued: () => sockets.reduce((sum, socket) => sum + socket.getSendQueueCount(), 0),
      }
    },
    unref: () => {
      for (const socket of sockets) socket.unref()
    },
    close: () => {
      if (over) return
      over = true
      for (const socket of sockets) socket.close()
    },
  }
}
