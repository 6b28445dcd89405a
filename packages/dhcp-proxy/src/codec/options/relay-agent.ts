import type { Writable } from '@bootwire-internal/common'

import { readAddress } from '../address.ts'

// Option 82 (RFC 3046 §2): sub-option code, length, value. It is echoed as it came, so it is only ever read here.

export interface RelayAgent {
  readonly circuitId?: Uint8Array
  readonly remoteId?: Uint8Array
  /** RFC 3527: the subnet of the client, where it is not that of `giaddr`. */
  readonly linkSelection?: string
  /** RFC 3993. */
  readonly subscriberId?: Uint8Array
  /** RFC 5010: true where the relay got the packet by unicast. The sub-option is one byte long. */
  readonly unicast?: boolean
  /** RFC 5107: the server id the relay wants the client to see. */
  readonly serverIdOverride?: string
  readonly other?: ReadonlyMap<number, Uint8Array>
}

/** Reads what is well formed; a sub-option of the wrong length stays among the `other` ones, a cut tail is left. */
export function decodeRelayAgent(bytes: Uint8Array): RelayAgent {
  const relay: Writable<RelayAgent> = {}
  const other = new Map<number, Uint8Array>()
  for (let at = 0; at + 2 <= bytes.length;) {
    const code = bytes[at]!
    const end = at + 2 + bytes[at + 1]!
    if (end > bytes.length) break
    const value = bytes.subarray(at + 2, end)
    at = end
    if (code === 1) relay.circuitId = value
    else if (code === 2) relay.remoteId = value
    else if (code === 5 && value.length === 4) relay.linkSelection = readAddress(value)
    else if (code === 6) relay.subscriberId = value
    else if (code === 10 && value.length === 1) relay.unicast = (value[0]! & 0x80) !== 0
    else if (code === 11 && value.length === 4) relay.serverIdOverride = readAddress(value)
    else other.set(code, value)
  }
  return other.size > 0 ? { ...relay, other } : relay
}
