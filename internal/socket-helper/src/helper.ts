import { getSystemErrorName } from 'node:util'

import { checked } from './errors.ts'
import { interfaceIndex, interfaceName } from './interfaces.ts'
import type { Native } from './native.ts'
import { Outbox } from './outbox.ts'
import { type Reader, readSocket, type ReaderOptions } from './reader.ts'
import { FIELD, Rows } from './rows.ts'
import {
  type Icmp6SocketOptions,
  openIcmp6,
  openUdp,
  setOption,
  setReceiveBuffer,
  setSegment,
  type UdpSocketOptions,
} from './sockets.ts'

/**
 * What Node's own sockets cannot do. Descriptors are plain numbers: whoever opens one closes it once, with `close` or by
 * giving it to `dgram.Socket.bind({ fd })`. Every method throws a `SocketHelperError` whose `code` is the error's name
 * (`EBADF`, `EPERM`, `EINVAL`, …).
 */
export interface SocketHelper {
  /** Opens and binds a UDP socket and returns its descriptor. */
  openUdp(options: UdpSocketOptions): number
  /** Opens a raw ICMPv6 socket and returns its descriptor. */
  openIcmp6(options: Icmp6SocketOptions): number
  /** Closes a descriptor that no other owner has. */
  close(fd: number): void
  /** Where a socket is bound. */
  address(fd: number): { readonly address: string; readonly port: number }
  /** Cuts what a UDP socket sends into datagrams of so many bytes; 0: sends it whole. */
  setSegment(fd: number, bytes: number): void
  /**
   * Whether others may bind the same address and port. `dgram.Socket.bind({ fd })` allows it without being asked (libuv's
   * `uv_udp_open`): call this with false once the socket listens, or any local user can take its datagrams.
   */
  setReuseAddress(fd: number, allowed: boolean): void
  /** Asks for a receive buffer; returns what the kernel gives, its overhead included. */
  setReceiveBuffer(fd: number, bytes: number): number
  /**
   * Reads a socket in batches from now on. A node:dgram socket on the same descriptor no longer emits `message`; it goes on
   * sending and closing. Close the reader before that socket.
   */
  read(fd: number, options: ReaderOptions): Reader
  /**
   * Sends bytes on a connected socket at once; with `segmentBytes` as a run of datagrams of that size. Returns the name of
   * the error, as `EMSGSIZE`, or undefined when the kernel took them.
   */
  send(fd: number, bytes: Uint8Array, segmentBytes?: number): string | undefined
  /** An empty outbox for so many datagrams with so many bytes in all. */
  outbox(size: { readonly datagrams: number; readonly bytes: number }): Outbox
  /** Index of a network interface. */
  interfaceIndex(name: string): number
  /** Name of a network interface. */
  interfaceName(index: number): string
}

/** Sends on connected sockets: one row, used again and again. */
const sender = (native: Native): SocketHelper['send'] => {
  const row = new Rows(1)
  return (fd, bytes, segmentBytes = 0) => {
    row.setU32(0, FIELD.length, bytes.length)
    row.setU32(0, FIELD.segment, segmentBytes)
    const sent = checked(native.send(fd, bytes, row.bytes, 1), 'sendmsg')
    return sent === 1 ? undefined : getSystemErrorName(-row.error(0))
  }
}

const addressOf = (native: Native, fd: number): { address: string; port: number } => {
  const row = new Rows(1)
  checked(native.name(fd, row.bytes), 'getsockname')
  return { address: row.address(0, FIELD.address), port: row.u16(0, FIELD.port) }
}

/** The helper over loaded native functions. */
export const createHelper = (native: Native): SocketHelper => ({
  openUdp: (options) => openUdp(native, options),
  openIcmp6: (options) => openIcmp6(native, options),
  close: (fd) => void checked(native.close(fd), 'close'),
  address: (fd) => addressOf(native, fd),
  setSegment: (fd, bytes) => setSegment(native, fd, bytes),
  setReuseAddress: (fd, allowed) => setOption(native, fd, 'SO_REUSEADDR', allowed ? 1 : 0),
  setReceiveBuffer: (fd, bytes) => setReceiveBuffer(native, fd, bytes),
  read: (fd, options) => readSocket(native, fd, options),
  send: sender(native),
  outbox: ({ datagrams, bytes }) => new Outbox(native, datagrams, bytes),
  interfaceIndex: (name) => interfaceIndex(native, name),
  interfaceName: (index) => interfaceName(native, index),
})
