import { messageOf } from '@bootwire-internal/common'

import { done, drop, type Result } from '../../decide/drop.ts'
import { MessageType6, OptionCode6, valueOf } from '../codec/message.ts'
import { decodeDuid } from '../codec/options/duid.ts'
import { decodeRelayed, type Relayed } from '../codec/relay.ts'
import { factsOf, type Arrival6, type BootRequest6 } from './request.ts'

const decoded = (bytes: Uint8Array): Result<Relayed> => {
  try {
    return done(decodeRelayed(bytes))
  } catch (error) {
    return drop('malformed', messageOf(error))
  }
}

/** The one message that each service answers: EDK2 sends a boot server the type of its own REQUEST. */
const ANSWERED = { 547: MessageType6.SOLICIT, 4011: MessageType6.REQUEST } as const

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at])

/**
 * Turns the bytes of a message into the request that it makes of a ProxyDHCPv6 server with this DUID, or says why it makes
 * none. Pure. Nothing but a SOLICIT is answered on 547, where a REQUEST names the main server; and nobody but firmware that
 * says PXEClient or HTTPClient, as U-Boot takes an offer without an address for a server's.
 */
export const readRequest6 = (
  bytes: Uint8Array,
  arrival: Arrival6,
  serverDuid: Uint8Array,
): Result<BootRequest6> => {
  const read = decoded(bytes)
  if (!read.ok) return read
  const { message, relays } = read.value
  if (relays.some(({ type }) => type !== MessageType6.RELAY_FORW))
    return drop('not-a-request', 'RELAY-REPL is a reply')
  if (message.type !== ANSWERED[arrival.port])
    return drop('message-type', `type ${message.type} on port ${arrival.port}`)
  const clientId = valueOf(message.options, OptionCode6.CLIENTID)
  // RFC 8415 sections 16.2 and 16.4: without one it is discarded.
  if (!clientId || !decodeDuid(clientId))
    return drop('malformed', 'no client id (option 1) of 3–130 bytes')
  const serverId = valueOf(message.options, OptionCode6.SERVERID)
  if (arrival.port === 547 && serverId)
    return drop('other-server', 'a SOLICIT that names a server (RFC 8415 section 16.2)')
  if (arrival.port === 4011 && (!serverId || !isSame(serverId, serverDuid)))
    return drop('other-server', 'a boot REQUEST that names another server')
  const request = factsOf(read.value, clientId, arrival)
  return request ? done(request) : drop('not-pxe', 'no PXEClient or HTTPClient of enterprise 343')
}
