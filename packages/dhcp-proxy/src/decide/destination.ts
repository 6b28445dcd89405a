import type { BootRequest } from './request.ts'

export interface Destination {
  readonly address: string
  readonly port: number
}

const BROADCAST: Destination = { address: '255.255.255.255', port: 68 }
const RELAY_PORT = 67

/**
 * Where a reply goes (RFC 2131 §4.1): to a relay, to the sender itself, or by broadcast. `giaddr` is the one address
 * that only the packet's text names; nobody can be made a target by a forged `ciaddr`.
 */
export const destinationOf = ({ relay, source, port, clientAddress }: BootRequest): Destination => {
  if (relay?.address !== undefined) return { address: relay.address, port: RELAY_PORT }
  // EDK2 listens on 4011 there, iPXE on 68: whatever port it asked from is the one it hears.
  if (port === 4011 && source.address !== '0.0.0.0') return source
  if (clientAddress !== undefined && source.address === clientAddress) return source
  return BROADCAST
}
