import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'

import type { SocketHelper } from '@bootwire-internal/socket-helper'

import type { Endpoint } from '../channels.ts'
import { Opcode } from '../codec/opcodes.ts'
import { numericLookup } from '../udp.ts'
import { connect, hearIcmp, type OpenWireFrom, type TransferWire } from './transfer-socket.ts'

/** ACKs and ERRORs are short; what is longer is an upload's DATA, with room for what a client appends. */
const LONGEST_DATAGRAM_BYTES = 65_535
/** As many datagrams as one turn of the loop takes from a socket. */
const BATCH = 16

/** DATA may wait until it is written; everything else is looked at once. */
const kept = (datagram: Uint8Array): Uint8Array =>
  datagram[1] === Opcode.DATA ? Uint8Array.from(datagram) : datagram

const bindTo = (socket: Socket, fd: number): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind({ fd }, () => {
      socket.off('error', reject)
      resolve()
    })
  })

/** A socket of the helper's in the hands of node:dgram, bound and connected. */
const openSocket = async (
  helper: SocketHelper,
  local: Endpoint,
  peer: Endpoint,
): Promise<{ readonly fd: number; readonly socket: Socket }> => {
  const isV6 = isIPv6(local.address)
  // IPv4: routers cut what is too long for the path, as for tftpd-hpa. IPv6 routers never do: there ICMP has to tell.
  const fd = helper.openUdp({ ...local, ...(isV6 ? {} : { pathMtuDiscovery: 'off' }) })
  const socket = createSocket({ type: isV6 ? 'udp6' : 'udp4', lookup: numericLookup })
  try {
    await bindTo(socket, fd)
  } catch (error) {
    socket.close()
    helper.close(fd)
    throw error
  }
  try {
    helper.setReuseAddress(fd, false)
    await connect(socket, peer)
  } catch (error) {
    socket.close()
    throw error
  }
  return { fd, socket }
}

/**
 * A connected socket that sends runs of blocks in one call, cut by the kernel (`UDP_SEGMENT`).
 *
 * A run that the kernel refuses (longer than the path's MTU, a route without checksum offload) goes out packet by packet,
 * and so does the rest of that transfer: single packets are not cut, and fragment as on any socket.
 */
export const segmentWire =
  (helper: SocketHelper): OpenWireFrom =>
  async (local, peer, events): Promise<TransferWire> => {
    const { fd, socket } = await openSocket(helper, local, peer)
    let open = true
    let runs = true
    // Where the kernel has no room Node waits for it; then what waits goes first.
    let waiting = false
    const isWaiting = (): boolean => (waiting &&= socket.getSendQueueCount() > 0)
    // Not while the session sends; and after the next turn of the loop, for the kernel tells of a closed port before it
    // gives the last ACK that waits to be read.
    const hear = (code: string): void => {
      setImmediate(() =>
        setImmediate(() => {
          if (open) hearIcmp(code, events)
        }),
      )
    }
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => hear(code))
    const startReader = () => {
      try {
        return helper.read(fd, {
          datagramBytes: LONGEST_DATAGRAM_BYTES,
          batch: BATCH,
          onReceived: (received) => {
            for (let i = 0; i < received.count; i++) events.onDatagram(kept(received.bytes(i)))
          },
          onError: ({ code }) => hear(code),
        })
      } catch (error) {
        // Reading takes a descriptor more; where there is none left, this one is given back.
        open = false
        socket.close()
        throw error
      }
    }
    const reader = startReader()
    // What came between bind and connect may be anybody's.
    helper.discard(fd)
    return {
      send: (datagram) => {
        if (!open) return
        const code = isWaiting() ? 'EAGAIN' : helper.send(fd, datagram)
        if (code === undefined) return
        waiting = code === 'EAGAIN'
        if (waiting) socket.send(datagram)
        else hear(code)
      },
      sendRun: (bytes, datagramBytes) => {
        if (!open) return true
        if (!runs || isWaiting()) return false
        const code = helper.send(fd, bytes, datagramBytes)
        if (code === undefined) return true
        if (code === 'ECONNREFUSED') {
          hear(code)
          return true
        }
        if (code !== 'EAGAIN') runs = false
        return false
      },
      queued: () => (isWaiting() ? 1 : 0),
      close: () => {
        if (!open) return
        open = false
        reader.close()
        socket.close()
      },
    }
  }
