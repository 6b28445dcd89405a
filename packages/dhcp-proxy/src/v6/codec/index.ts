/**
 * DHCPv6 messages and the options of a network boot: bytes to readonly objects and back. Pure: no clock, no sockets, no
 * dependencies. Options 61 and 62 have the form of DHCPv4's 93 and 94.
 */
export { decodeArchitectures, encodeArchitectures } from '../../codec/options/architecture.ts'
export {
  decodeNetworkInterface,
  encodeNetworkInterface,
  type NetworkInterfaceId,
} from '../../codec/options/network-interface.ts'
export { DHCP_ERROR_CODES, DhcpError, type DhcpErrorCode } from '../../errors.ts'
export { address6Bytes, macOfAddress6, readAddress6 } from './address.ts'
export { decodeMessage6, decodeOptions6 } from './decode.ts'
export { encodeMessage6, encodeOptions6 } from './encode.ts'
export {
  isRelayMessage,
  MessageType6,
  OptionCode6,
  StatusCode6,
  valueOf,
  type ClientServerMessage,
  type Dhcp6Message,
  type Dhcp6Option,
  type RelayMessage,
} from './message.ts'
export {
  decodeBootFileParameters,
  encodeBootFileParameters,
} from './options/boot-file-parameters.ts'
export { decodeBootFileUrl, encodeBootFileUrl } from './options/boot-file-url.ts'
export { decodeDnsServers, encodeDnsServers } from './options/dns-servers.ts'
export { decodeDuid, encodeDuid, macOfDuid, type Duid } from './options/duid.ts'
export { decodeElapsedTime, encodeElapsedTime } from './options/elapsed-time.ts'
export { decodeIaAddress, encodeIaAddress, type IaAddress } from './options/ia-address.ts'
export { decodeIaNa, encodeIaNa, type IaNa } from './options/ia-na.ts'
export { decodeLinkLayerAddress, type LinkLayerAddress } from './options/link-layer-address.ts'
export { decodeOptionRequest, encodeOptionRequest } from './options/option-request.ts'
export { decodePreference, encodePreference } from './options/preference.ts'
export { decodeRemoteId, encodeRemoteId, type RemoteId6 } from './options/remote-id.ts'
export { decodeStatusCode, encodeStatusCode, type Status6 } from './options/status-code.ts'
export { decodeUserClasses6, encodeUserClasses6 } from './options/user-class.ts'
export {
  decodeVendorClass6,
  encodeVendorClass6,
  PXE_ENTERPRISE,
  type VendorClass6,
} from './options/vendor-class.ts'
export {
  decodeVendorOptions6,
  encodeVendorOptions6,
  type VendorOptions6,
} from './options/vendor-options.ts'
export { decodeRelayed, encodeRelayed, type Relayed } from './relay.ts'
