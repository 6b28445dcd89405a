/**
 * A ProxyDHCP server: it adds the boot part to what an existing DHCP server says, and explains why.
 */
export {
  ARCHITECTURES,
  type Architecture,
  type ArchitectureKind,
  type Cpu,
} from './codec/architectures.ts'
export type { OptionValue } from './codec/value.ts'
export type {
  BootAnswer,
  BootDecision,
  BootIgnore,
  Decide,
  Profile,
  Reason,
} from './decide/decision.ts'
export { checkDecision } from './decide/check.ts'
export type { Destination } from './decide/destination.ts'
export type { Drop, DropReason } from './decide/drop.ts'
export { firmwareOf, type Firmware, type FirmwareFacts } from './decide/firmware.ts'
export { readRequest, type IntakeOptions } from './decide/intake.ts'
export { checkMenu, type BootMenu, type BootMenuItem } from './decide/menu.ts'
export type { Matcher, OptionMatcher } from './decide/matcher.ts'
export { DEFAULT_PROFILES, PROFILES } from './decide/profiles.ts'
export { buildReply, isIpxeBinary, type Reply } from './decide/reply.ts'
export type { Arrival, BootRequest, RelayFacts } from './decide/request.ts'
export { explain, rules, type Rule } from './decide/rules.ts'
export { DHCP_ERROR_CODES, DhcpError, type DhcpErrorCode } from './errors.ts'
export {
  CHANNELS,
  requestFacts,
  type AddressRecord,
  type ChannelRecord,
  type DecisionRecord,
  type DropRecord,
  type NoticeRecord,
  type PacketRecord,
  type ReplyRecord,
  type RequestFacts,
} from './server/channels.ts'
export type { Clock } from './server/clock.ts'
export type { InterfaceSockets } from './server/interfaces.ts'
export {
  requireOneInterface,
  type Limits,
  type ListenOptions,
  type ProxyDhcpServerOptions,
} from './server/options.ts'
export {
  createProxyDhcpServer,
  type Listening,
  type ProxyDhcpServer,
  type ServedInterface,
} from './server/server.ts'
export { socketsFromSystemd, systemdUnits } from './server/systemd.ts'
export type { UdpOptions, UdpSocket, UdpTransport } from './server/udp.ts'
export type { Rate } from '@bootwire-internal/common'
export type { Notice } from './session/notices.ts'
