import type { Endpoint } from '../endpoint.ts'
import type { BootRequest } from './request.ts'

const BROADCAST: Endpoint = { address: '255.255.255.255', port: 68 }
const RELAY_PORT = 67

/**
 * Where a reply goes (RFC 2131 §4.1): to a relay, to the sender itself, or by broadcast. `giaddr` is the one address
 * that only the packet's text names; nobody can be made a target by a forged `ciaddr`.
 */
export const destinationOf = ({ relay, peer, port, clientAddress }: BootRequest): Endpoint => {
  if (relay?.address !== undefined) return { address: relay.address, port: RELAY_PORT }
  // EDK2 listens on 4011 there, iPXE on 68: whatever port it asked from is the one it hears.
  if (port === 4011 && peer.address !== '0.0.0.0') return peer
  if (clientAddress !== undefined && peer.address === clientAddress) return peer
  return BROADCAST
}
