import { DhcpError } from '../../errors.ts'
import { requireAddress6 } from './address.ts'
import { checkNumber6, joined, u16Bytes } from './bytes.ts'
import { isRelayMessage, MessageType6, type Dhcp6Message, type Dhcp6Option } from './message.ts'

/** @throws {DhcpError} `ERR_DHCP_OPTION`, `ERR_DHCP_OPTION_TOO_LONG` */
export const encodeOptions6 = (options: readonly Dhcp6Option[]): Uint8Array =>
  joined(
    options.flatMap(({ code, value }) => {
      // Code 0 is reserved (IANA, DHCPv6 option codes).
      if (!Number.isInteger(code) || code < 1 || code > 0xffff)
        throw new DhcpError('ERR_DHCP_OPTION', `option code ${code} is outside 1–65535`)
      if (value.length > 0xffff)
        throw new DhcpError(
          'ERR_DHCP_OPTION_TOO_LONG',
          `option ${code} of ${value.length} bytes is longer than 65535`,
        )
      return [u16Bytes('code', code), u16Bytes('length', value.length), value]
    }),
  )

/**
 * Encodes one message: options in their order, nothing added.
 * @throws {DhcpError} `ERR_DHCP_FIELD`, `ERR_DHCP_OPTION` or `ERR_DHCP_OPTION_TOO_LONG`
 */
export const encodeMessage6 = (message: Dhcp6Message): Uint8Array => {
  const options = encodeOptions6(message.options)
  const type = checkNumber6('type', message.type, 255)
  if (isRelayMessage(message)) {
    const hopCount = checkNumber6('hopCount', message.hopCount, 255)
    const link = requireAddress6('linkAddress', message.linkAddress)
    const peer = requireAddress6('peerAddress', message.peerAddress)
    return joined([[type, hopCount], link, peer, options])
  }
  if (type === MessageType6.RELAY_FORW || type === MessageType6.RELAY_REPL)
    throw new DhcpError('ERR_DHCP_FIELD', `type ${type} is that of a relay agent, which has no xid`)
  const xid = checkNumber6('xid', message.xid, 0xffffff)
  return joined([[type, xid >> 16], u16Bytes('xid', xid & 0xffff), options])
}
