import { hexOf } from '../../../codec/text.ts'
import { u16 } from '../bytes.ts'

// Option 79 (RFC 6939 section 4), of the first relay agent: hardware type (2) | address

/** The client's own, as the relay agent saw it: the one way to its MAC where the DUID holds none. */
export interface LinkLayerAddress {
  readonly hardwareType: number
  /** Hex with colons. */
  readonly address: string
}

/** Undefined where it is too short. A relay agent writes it, so it is only ever read here. */
export const decodeLinkLayerAddress = (bytes: Uint8Array): LinkLayerAddress | undefined =>
  bytes.length < 3 ? undefined : { hardwareType: u16(bytes, 0), address: hexOf(bytes, ':', 2) }
