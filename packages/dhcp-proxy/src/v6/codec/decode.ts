import { DhcpError } from '../../errors.ts'
import { ADDRESS6_BYTES, readAddress6 } from './address.ts'
import { u16 } from './bytes.ts'
import { MessageType6, type Dhcp6Message, type Dhcp6Option } from './message.ts'

//  client, server:  0 type | 1 xid (3)                                        | 4 options
//  relay agent:     0 type | 1 hop count | 2 link-address | 18 peer-address   | 34 options
//  option:          0 code (2) | 2 length (2) | 4 value

const HEADER_BYTES = 4
const RELAY_HEADER_BYTES = 34

const malformed = (message: string): DhcpError => new DhcpError('ERR_DHCP_MALFORMED', message)

/**
 * Walks options from `from` to the end. Values are views into `bytes`.
 * @throws {DhcpError} `ERR_DHCP_MALFORMED`
 */
export const decodeOptions6 = (bytes: Uint8Array, from = 0): readonly Dhcp6Option[] => {
  const { length } = bytes
  const options: Dhcp6Option[] = []
  for (let at = from; at < length;) {
    if (at + 4 > length)
      throw malformed(
        `${length - at} bytes at byte ${at} are too few for an option's code and length`,
      )
    const code = u16(bytes, at)
    const size = u16(bytes, at + 2)
    at += 4
    if (at + size > length)
      throw malformed(`option ${code} of ${size} bytes at byte ${at - 4} ends after byte ${length}`)
    options.push({ code, value: new Uint8Array(bytes.buffer, bytes.byteOffset + at, size) })
    at += size
  }
  return options
}

/**
 * Decodes one DHCPv6 message, that of a relay agent without what is in it (`unwrapRelays` goes on).
 * @throws {DhcpError} `ERR_DHCP_MALFORMED`, and nothing else
 */
export const decodeMessage6 = (bytes: Uint8Array): Dhcp6Message => {
  const [type] = bytes
  const isRelay = type === MessageType6.RELAY_FORW || type === MessageType6.RELAY_REPL
  const headerBytes = isRelay ? RELAY_HEADER_BYTES : HEADER_BYTES
  if (type === undefined || bytes.length < headerBytes)
    throw malformed(
      `a message of ${bytes.length} bytes is shorter than its header of ${headerBytes}`,
    )
  const options = decodeOptions6(bytes, headerBytes)
  if (!isRelay) return { type, xid: (bytes[1]! << 16) | u16(bytes, 2), options }
  return {
    type,
    hopCount: bytes[1]!,
    linkAddress: readAddress6(bytes, 2),
    peerAddress: readAddress6(bytes, 2 + ADDRESS6_BYTES),
    options,
  }
}
