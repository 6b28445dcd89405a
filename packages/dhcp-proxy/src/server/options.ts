import type { BootDecision, Decide } from '../decide/decision.ts'
import type { IntakeOptions } from '../decide/intake.ts'
import { isIpxeBinary } from '../decide/reply.ts'
import { DhcpError } from '../errors.ts'
import type { Limits, ProxyDhcpServerOptions, InterfaceOptions } from '../index.ts'
import { systemClock, type Clock } from './clock.ts'
import type { InterfaceSockets } from './interfaces.ts'
import { systemdUnits } from './systemd.ts'
import { nodeUdp, type UdpTransport } from './udp.ts'
import { validate } from './validate.ts'

/** Limits that hold where the options name none. */
const DEFAULT_LIMITS: Required<Limits> = {
  clientPerSecond: 5,
  clientBurst: 20,
  relayPerSecond: 1000,
  relayBurst: 4000,
  totalPerSecond: 100_000,
  totalBurst: 100_000,
  maxPending: 10_000,
}

/** The options of a server with everything filled in. */
export interface Settings extends IntakeOptions {
  readonly decide: Decide
  readonly interfaces: readonly (InterfaceSockets | InterfaceOptions)[]
  readonly decideTimeoutMs: number
  readonly fallback: BootDecision
  readonly isIpxeBinary: (file: string) => boolean
  readonly limits: Required<Limits>
  readonly shared: boolean | 'auto'
  readonly hearReplies: boolean
  readonly instance: string
  readonly clock: Clock
  readonly transport: UdpTransport
}

const interfacesOf = ({
  sockets,
  interfaces,
  interface: name,
  address,
}: ProxyDhcpServerOptions): Settings['interfaces'] =>
  sockets ??
  interfaces ?? [
    {
      ...(name !== undefined && { interface: name }),
      ...(address !== undefined && { address }),
    },
  ]

/** @throws {DhcpError} `ERR_DHCP_CONFIG`; for the fallback, what `checkDecision` throws */
export const settingsOf = (options: ProxyDhcpServerOptions, randomId: () => string): Settings => {
  const [issue] = validate(options)
  if (issue) throw new DhcpError(issue.code, issue.message)
  return {
    decide: options.decide,
    interfaces: interfacesOf(options),
    decideTimeoutMs: options.decideTimeoutMs ?? 1000,
    fallback: options.fallback ?? { action: 'ignore' },
    isIpxeBinary: options.isIpxeBinary ?? isIpxeBinary,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    shared: options.shared ?? 'auto',
    hearReplies: options.hearReplies ?? true,
    instance: options.instance ?? randomId(),
    clock: options.clock ?? systemClock,
    transport: options.transport ?? nodeUdp,
    ...(options.vendorClasses && { vendorClasses: options.vendorClasses }),
    ...(options.answerRequestsOf && { answerRequestsOf: options.answerRequestsOf }),
  }
}

/**
 * Refuses what sockets that are bound to no device cannot do: several interfaces.
 * @throws {DhcpError} `ERR_DHCP_INTERFACES`, with the systemd units to use instead
 */
export const requireOneInterface = (names: readonly string[]): void => {
  if (names.length <= 1) return
  const message = `${names.length} interfaces (${names.join(', ')}) need one device-bound socket each, which Node cannot make and the socket helper could not (it is for Linux on x64 and arm64); have systemd pass them:\n${systemdUnits(names)}`
  throw new DhcpError('ERR_DHCP_INTERFACES', message)
}
