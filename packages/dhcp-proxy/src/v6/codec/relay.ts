import { DhcpError } from '../../errors.ts'
import { decodeMessage6 } from './decode.ts'
import { encodeMessage6 } from './encode.ts'
import {
  isRelayMessage,
  MessageType6,
  OptionCode6,
  valueOf,
  type ClientServerMessage,
  type RelayMessage,
} from './message.ts'

/** RFC 8415 section 7.6, HOP_COUNT_LIMIT: relay agents forward no further, so what is nested deeper is made up. */
const MAX_RELAYS = 8

/** A client's message, and the relay agents that it came through. */
export interface Relayed {
  readonly message: ClientServerMessage
  /** The nearest to the server first. */
  readonly relays: readonly RelayMessage[]
}

const malformed = (message: string): DhcpError => new DhcpError('ERR_DHCP_MALFORMED', message)

/**
 * Decodes a message, and what is in it where a relay agent sent it.
 * @throws {DhcpError} `ERR_DHCP_MALFORMED`, and nothing else
 */
export const decodeRelayed = (bytes: Uint8Array): Relayed => {
  const relays: RelayMessage[] = []
  let message = decodeMessage6(bytes)
  while (isRelayMessage(message)) {
    if (relays.length === MAX_RELAYS)
      throw malformed(`more than ${MAX_RELAYS} relay agents are nested`)
    relays.push(message)
    const inner = valueOf(message.options, OptionCode6.RELAY_MSG)
    if (!inner) throw malformed('a relay agent sent no message (option 9)')
    message = decodeMessage6(inner)
  }
  return { message, relays }
}

/**
 * The bytes of an answer that goes back through the same relay agents (RFC 8415 section 19.3): hop count and addresses as they
 * came, the interface id echoed, which tells the relay agent where to send it.
 * @throws {DhcpError} as `encodeMessage6` does
 */
export const encodeRelayed = ({ message, relays }: Relayed): Uint8Array =>
  relays.reduceRight((inner, relay) => {
    const interfaceId = valueOf(relay.options, OptionCode6.INTERFACE_ID)
    return encodeMessage6({
      ...relay,
      type: MessageType6.RELAY_REPL,
      options: [
        ...(interfaceId ? [{ code: OptionCode6.INTERFACE_ID, value: interfaceId }] : []),
        { code: OptionCode6.RELAY_MSG, value: inner },
      ],
    })
  }, encodeMessage6(message))
