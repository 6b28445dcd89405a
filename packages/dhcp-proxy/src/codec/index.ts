/**
 * DHCPv4 packets and PXE options: bytes to readonly objects and back. Pure: no clock, no sockets, no dependencies.
 */
export { DHCP_ERROR_CODES, DhcpError, type DhcpErrorCode } from '../errors.ts'
export { parseAddress } from './address.ts'
export { ARCHITECTURES, type Architecture, type Cpu } from './architectures.ts'
export { decodePacket } from './decode.ts'
export { encodePacket } from './encode.ts'
export { decodeArchitectures, encodeArchitectures } from './options/architecture.ts'
export { MAX_BOOT_FILE_BYTES, decodeBootFile, encodeBootFile } from './options/boot-file.ts'
export { decodeClientId } from './options/client-id.ts'
export { decodeIpxe, encodeIpxe, type IpxeInfo, type IpxeSettings } from './options/ipxe.ts'
export { decodeMachineId, encodeMachineId } from './options/machine-id.ts'
export { decodeMessageType, messageTypeName } from './options/message-type.ts'
export {
  decodeNetworkInterface,
  encodeNetworkInterface,
  type NetworkInterfaceId,
} from './options/network-interface.ts'
export { decodePxelinux, encodePxelinux, type Pxelinux } from './options/pxelinux.ts'
export {
  decodePxelinuxConfigFile,
  encodePxelinuxConfigFile,
} from './options/pxelinux-config-file.ts'
export { decodePxelinuxMagic, encodePxelinuxMagic } from './options/pxelinux-magic.ts'
export {
  decodePxelinuxPathPrefix,
  encodePxelinuxPathPrefix,
} from './options/pxelinux-path-prefix.ts'
export {
  decodePxelinuxRebootTime,
  encodePxelinuxRebootTime,
} from './options/pxelinux-reboot-time.ts'
export { decodeRelayAgent, type RelayAgent } from './options/relay-agent.ts'
export { decodeTftpServerName, encodeTftpServerName } from './options/tftp-server-name.ts'
export { decodeTftpServers, encodeTftpServers } from './options/tftp-servers.ts'
export { decodeUserClasses, encodeUserClasses } from './options/user-class.ts'
export {
  decodeVendorClass,
  encodeVendorClass,
  parseVendorClass,
  type PxeVendorClass,
} from './options/vendor-class.ts'
export {
  decodeVendorOptions,
  encodeVendorOptions,
  type BootItem,
  type BootMenuEntry,
  type BootServers,
  type MenuPrompt,
  type VendorOptions,
} from './options/vendor.ts'
export {
  BROADCAST_FLAG,
  HEADER_BYTES,
  MAGIC_COOKIE,
  MessageType,
  OptionCode,
  type DhcpOptions,
  type DhcpPacket,
} from './packet.ts'
export { summary } from './summary.ts'
