import { isIPv6 } from 'node:net'

import type { Received, SocketHelper } from '@bootwire-internal/socket-helper'
import { DgramAsPromised } from 'dgram-as-promised'

import {
  type Bind,
  type Listener,
  numericLookup,
  type OnDatagram,
  openListener,
  RECEIVE_BUFFER_BYTES,
  withoutMapping,
} from '../udp.ts'
import { isWildcard } from './addresses.ts'

const OUTBOX = { datagrams: 1, bytes: 65_535 }

/** The address that a socket is bound to, or is to be; undefined for a descriptor that is no socket. */
const addressOf = (helper: SocketHelper, bind: Bind): string | undefined => {
  if ('address' in bind) return bind.address
  try {
    return helper.address(bind.fd).address
  } catch {
    // The bind will say what is wrong with it.
    return undefined
  }
}

const isLinkLocal = (address: string): boolean => /^fe[89ab]/i.test(address)

/** An IPv6 socket speaks to IPv4 hosts in mapped addresses. */
const mapped = (address: string, isV6: boolean): string =>
  isV6 && !isIPv6(address) ? `::ffff:${address}` : address

/** Opens the descriptor, with the kernel's word on where each datagram was sent to. */
const openFd = (helper: SocketHelper, bind: Bind): number => {
  if ('fd' in bind) {
    helper.setPacketInfo(bind.fd)
    return bind.fd
  }
  const { address, port, dualStack = false } = bind
  return helper.openUdp({
    address,
    port,
    ipv6Only: !dualStack,
    packetInfo: true,
    receiveBufferBytes: RECEIVE_BUFFER_BYTES,
  })
}

/** Hands over what has arrived, each with the address of ours that was asked. */
const deliver = (helper: SocketHelper, received: Received, onDatagram: OnDatagram): void => {
  for (let i = 0; i < received.count; i++) {
    const zoned = (address: string, index: number): string =>
      isLinkLocal(address) ? `${address}%${helper.interfaceName(index)}` : address
    const address = zoned(withoutMapping(received.address(i)), received.scope(i))
    const own = received.ownAddress(i)
    const local = own && zoned(withoutMapping(own), received.interfaceIndex(i))
    // A copy: the request is kept while its handler thinks.
    onDatagram(Buffer.from(received.bytes(i)), { address, port: received.port(i) }, local)
  }
}

/** A wildcard listener: dgram-as-promised opens and closes it, the helper reads it and answers from the address that was asked. */
const openWildcard = async (
  helper: SocketHelper,
  bind: Bind,
  isV6: boolean,
  onDatagram: OnDatagram,
): Promise<Listener> => {
  const type = isV6 ? 'udp6' : 'udp4'
  const fd = openFd(helper, bind)
  const promised = DgramAsPromised.createSocket({ type, lookup: numericLookup })
  promised.socket.on('error', () => {})
  const bound = await promised.bind({ fd }).catch((error: unknown) => {
    promised.socket.close()
    if (!('fd' in bind)) helper.close(fd)
    throw error
  })
  const startReader = () => {
    try {
      if (!('fd' in bind)) helper.setReuseAddress(fd, false)
      return helper.read(fd, {
        datagramBytes: OUTBOX.bytes,
        batch: 16,
        onReceived: (received) => deliver(helper, received, onDatagram),
      })
    } catch (error) {
      promised.socket.close()
      throw error
    }
  }
  const reader = startReader()
  const outbox = helper.outbox(OUTBOX)
  let closed: Promise<void> | undefined
  return {
    address: bound.address,
    port: bound.port,
    family: type,
    send: (bytes, { address, port }, source) => {
      if (closed) return
      const from = source !== undefined && { source: mapped(source, isV6) }
      outbox.add({ bytes, address: mapped(address, isV6), port, ...from })
      // A failed send is a lost datagram: the session sends again.
      outbox.send(fd)
    },
    queued: () => 0,
    close: () => {
      if (!closed) reader.close()
      return (closed ??= promised.close())
    },
  }
}

/**
 * Opens a listening socket. On a wildcard address the helper tells which of our addresses was asked; without it answers
 * come from whatever address the kernel chooses.
 */
export const openListenerWith = (
  helper: SocketHelper | undefined,
  bind: Bind,
  onDatagram: OnDatagram,
): Promise<Listener> => {
  const address = helper && addressOf(helper, bind)
  return helper && address !== undefined && isWildcard(address)
    ? openWildcard(helper, bind, isIPv6(address), onDatagram)
    : openListener(bind, onDatagram)
}
