/**
 * A ProxyDHCP server: it adds the boot part to what an existing DHCP server says, and explains why.
 *
 * @example
 * ```ts
 * import { createProxyDhcpServer, rules } from '@bootwire/dhcp-proxy'
 *
 * const server = createProxyDhcpServer({
 *   interface: 'eth0',
 *   decide: rules([
 *     { when: { firmware: 'ipxe' }, decision: { action: 'boot', file: 'http://10.0.0.1/a.ipxe' } },
 *     { when: { firmware: 'uefi-pxe' }, decision: { action: 'boot', file: 'ipxe.efi' } },
 *     { when: { firmware: 'bios-pxe' }, decision: { action: 'boot', file: 'undionly.kpxe' } },
 *   ]),
 * })
 * await server.listen()
 * ```
 */
import type { BootDecision, Decide } from './decide/decision.ts'
import type { IntakeOptions } from './decide/intake.ts'
import type { Clock } from './server/clock.ts'
import type { InterfaceSockets } from './server/interfaces.ts'
import type { UdpTransport } from './server/udp.ts'

/** How much is answered. */
export interface Limits {
  /** Packets of one machine in a second. Default: 5. */
  readonly clientPerSecond?: number
  /** Packets of one machine at once. Default: 20. */
  readonly clientBurst?: number
  /** Packets through one relay in a second. Default: 1000. */
  readonly relayPerSecond?: number
  /** Packets through one relay at once. Default: 4000. */
  readonly relayBurst?: number
  /** All packets in a second. Default: 100000. */
  readonly totalPerSecond?: number
  /** All packets at once. Default: 100000. */
  readonly totalBurst?: number
  /** Decisions and delayed replies under way at one time. Default: 10000. */
  readonly maxPending?: number
}

/** An interface to serve, by its name, by its address, or both. */
export interface InterfaceOptions {
  /** Its name: its first IPv4 address is advertised, and followed when it changes. */
  readonly interface?: string
  /** The one IPv4 address to advertise; waited for while it is gone. */
  readonly address?: string
}

/** What {@link createProxyDhcpServer} takes: `decide`, and what to serve. */
export interface ProxyDhcpServerOptions extends IntakeOptions, InterfaceOptions {
  /** Decides what a machine boots. */
  readonly decide: Decide
  /** Several interfaces, instead of one. */
  readonly interfaces?: readonly InterfaceOptions[]
  /** Interfaces by sockets that somebody else bound to their devices, instead. */
  readonly sockets?: readonly InterfaceSockets[]
  /** Deadline of `decide` in ms. Default: 1000 (iPXE waits 2 s for an offer). */
  readonly decideTimeoutMs?: number
  /** What is decided when the deadline has passed. Default: ignore. */
  readonly fallback?: BootDecision
  /** Which boot files the loop guard keeps from iPXE. Default: the usual names of iPXE binaries. */
  readonly isIpxeBinary?: (file: string) => boolean
  /** Default: see docs/limits.md. */
  readonly limits?: Limits
  /** A DHCP server on this host keeps unicast on port 67. Default: `auto`, where one is found at `listen`. */
  readonly shared?: boolean | 'auto'
  /** Hear broadcasts of other servers on port 68, to tell what stands in the way. Default: true. */
  readonly hearReplies?: boolean
  /** Id of this instance in every record. Default: random. */
  readonly instance?: string
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: Node's sockets. */
  readonly transport?: UdpTransport
}

/** What `listen` takes. */
export interface ListenOptions {
  /** Default: 67. */
  readonly port?: number
  /** Default: 4011. */
  readonly bootServerPort?: number
  /** Binds this address only, and hears no broadcasts. Default: broadcasts, and the advertised address. */
  readonly host?: string
  /** How long to wait for an address that is not there yet, in ms. Default: 0, not at all. */
  readonly addressTimeoutMs?: number
}

export { CLIENT_KINDS, clientKindOf, type ClientKind, type ClientKindRow } from './clients/kinds.ts'
export {
  ARCHITECTURES,
  architectureFor,
  type Architecture,
  type Cpu,
} from './codec/architectures.ts'
export type { OptionValue } from './codec/value.ts'
export { checkDecision } from './decide/check.ts'
export type { BootAnswer, BootDecision, BootIgnore, Decide, Reason } from './decide/decision.ts'
export { DROP_REASONS, type Drop, type DropReason, type Result } from './decide/drop.ts'
export {
  architectureOf,
  FIRMWARE,
  FIRMWARE_ROWS,
  firmwareOf,
  VENDOR_CLASSES,
  type Firmware,
  type FirmwareFacts,
  type FirmwareRow,
} from './decide/firmware.ts'
export { readRequest, type IntakeOptions } from './decide/intake.ts'
export { REPLY_LAYOUTS, type ReplyLayout } from './decide/layouts.ts'
export type { Matcher, OptionMatcher } from './decide/matcher.ts'
export { checkMenu, type BootMenu, type BootMenuItem } from './decide/menu.ts'
export { buildReply, isIpxeBinary, type Reply } from './decide/reply.ts'
export type { Arrival, BootRequest, RelayFacts } from './decide/request.ts'
export { explain, rules, type Rule } from './decide/rules.ts'
export { isSharedUuid } from './decide/shared-uuid.ts'
export type { Endpoint, Service } from './endpoint.ts'
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
export type { LocalAddress } from './server/host.ts'
export type { InterfaceSockets } from './server/interfaces.ts'
export { requireOneInterface } from './server/options.ts'
export {
  createProxyDhcpServer,
  type Listening,
  type ProxyDhcpServer,
  type ServedInterface,
} from './server/server.ts'
export { socketsFromSystemd, systemdUnits } from './server/systemd.ts'
export type { UdpOptions, UdpSocket, UdpTransport } from './server/udp.ts'
export { validate, type Issue } from './server/validate.ts'
export { NOTICE_CODES, type Notice, type NoticeCode } from './session/notices.ts'
export { readRequest6 } from './v6/decide/intake.ts'
export { buildReply6, type Reply6 } from './v6/decide/reply.ts'
export type { Arrival6, BootRequest6, Service6 } from './v6/decide/request.ts'
