/**
 * What Node's own sockets cannot do on Linux: sockets bound to a device, runs of datagrams in one call, batches, the
 * interface and destination of what arrives, raw ICMPv6.
 *
 * ```ts
 * const { helper, reason } = loadSocketHelper()
 * if (!helper) return plainSockets(reason)
 * const fd = helper.openUdp({ address: '0.0.0.0', port: 69, packetInfo: true })
 * const socket = DgramAsPromised.createSocket('udp4')
 * await socket.bind({ fd })
 * helper.setReuseAddress(fd, false)
 * const reader = helper.read(fd, { onReceived: (received) => { … } })
 * ```
 */
export { formatIPv4, formatIPv6, parseAddress, type AddressBytes } from './address.ts'
export { SocketHelperError } from './errors.ts'
export type { SocketHelper } from './helper.ts'
export { loadFrom, loadSocketHelper, type LoadOptions, type LoadResult, SWITCH } from './load.ts'
export type { Outbox, Outgoing, SendFailure } from './outbox.ts'
export type { Reader, ReaderOptions } from './reader.ts'
export type { Received } from './received.ts'
export type { Icmp6SocketOptions, PathMtuDiscovery, UdpSocketOptions } from './sockets.ts'
