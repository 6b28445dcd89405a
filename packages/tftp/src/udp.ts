import type { RemoteInfo, Socket } from 'node:dgram'
import { readFileSync, readlinkSync } from 'node:fs'
import { isIPv6 } from 'node:net'

import { DgramAsPromised } from 'dgram-as-promised'

import type { Endpoint } from './channels.ts'

/**
 * Called for every datagram, from the first one after the bind on; with the address of ours that it was sent to, where a
 * wildcard listener knows.
 */
export type OnDatagram = (datagram: Buffer, from: Endpoint, local?: string) => void

/** A bound UDP socket. */
export interface Listener {
  readonly address: string
  readonly port: number
  readonly family: 'udp4' | 'udp6'
  /** Sends, from `source` where it can and the socket has no address of its own. */
  send(datagram: Uint8Array, peer: Endpoint, source?: string): void
  /** Datagrams that the kernel has not taken yet. */
  queued(): number
  close(): Promise<void>
}

/** Where to listen: an address, or a socket that somebody else has bound. */
export type Bind =
  | {
      readonly address: string
      readonly port: number
      /** An IPv6 wildcard that is to take IPv4 clients too. */
      readonly dualStack?: boolean
    }
  | { readonly fd: number }

type LookupCallback = (error: Error | null, address: string, family: number) => void

/** Every address here is numeric already: answering at once saves a tick for each datagram. */
export const numericLookup = (
  address: string,
  _options: unknown,
  callback: LookupCallback,
): void => {
  callback(null, address, isIPv6(address) ? 6 : 4)
}

/** Requests of thousands of machines may come in one burst, before the loop turns. */
export const RECEIVE_BUFFER_BYTES: number = 4 * 1024 * 1024

/** Whether a descriptor is an IPv6 socket. Node has to be told, or it cannot send from it to IPv6 addresses. */
const isIPv6Socket = (fd: number): boolean => {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]
    const rows = readFileSync('/proc/self/net/udp6', 'utf8').split('\n')
    // Column 10 of proc_net_udp(5) is the inode.
    return inode !== undefined && rows.some((row) => row.trim().split(/\s+/)[9] === inode)
  } catch {
    // No Linux, or no such descriptor, which the bind will say.
    return false
  }
}

const familyOf = (bind: Bind): 'udp4' | 'udp6' =>
  ('address' in bind ? isIPv6(bind.address) : isIPv6Socket(bind.fd)) ? 'udp6' : 'udp4'

/** `::ffff:192.0.2.1` as `192.0.2.1`: an IPv6 socket may take IPv4 clients, who are the same clients. */
export const withoutMapping = (address: string): string =>
  address.startsWith('::ffff:') ? address.replace(/^::ffff:(?=[\d.]+$)/, '') : address

const endpointOf = ({ address, port }: RemoteInfo): Endpoint => ({
  address: withoutMapping(address),
  port,
})

const widen = (socket: Socket): void => {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
  } catch {
    // Where the system allows less than asked on pain of an error, its default stays.
  }
}

/**
 * Opens the listening socket.
 *
 * dgram-as-promised opens, binds and closes; datagrams are taken from the plain socket inside, because its own
 * `recv` and iterator lose whatever comes between two calls (see docs/design.md).
 */
export const openListener = async (bind: Bind, onDatagram: OnDatagram): Promise<Listener> => {
  const type = familyOf(bind)
  const promised = DgramAsPromised.createSocket({
    type,
    ipv6Only: type === 'udp6' && !('dualStack' in bind && bind.dualStack),
    lookup: numericLookup,
  })
  const { socket } = promised
  socket.on('message', (datagram, from) => onDatagram(datagram, endpointOf(from)))
  // An ICMP answer to something we sent from here: the peer is gone, the listener is not.
  socket.on('error', () => {})
  const bound = await promised
    .bind(
      'fd' in bind ? { fd: bind.fd } : { address: bind.address, port: bind.port, exclusive: true },
    )
    .catch((error: unknown) => {
      socket.close()
      throw error
    })
  widen(socket)
  let closed: Promise<void> | undefined
  return {
    address: bound.address,
    port: bound.port,
    family: isIPv6(bound.address) ? 'udp6' : 'udp4',
    send: (datagram, { address, port }) => {
      // Without a callback a failed send is dropped like any datagram: the session sends again.
      socket.send(
        datagram,
        port,
        type === 'udp6' && !isIPv6(address) ? `::ffff:${address}` : address,
      )
    },
    queued: () => socket.getSendQueueCount(),
    close: () => (closed ??= promised.close()),
  }
}
