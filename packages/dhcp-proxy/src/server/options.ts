import type { Rate } from '@bootwire-internal/common'

import { parseAddress } from '../codec/address.ts'
import { checkDecision } from '../decide/check.ts'
import type { BootDecision, Decide } from '../decide/decision.ts'
import type { IntakeOptions } from '../decide/intake.ts'
import { isIpxeBinary } from '../decide/reply.ts'
import { normalMac } from '../decide/request.ts'
import { DhcpError } from '../errors.ts'
import { systemClock, type Clock } from './clock.ts'
import type { InterfaceSockets } from './interfaces.ts'
import { systemdUnits } from './systemd.ts'
import { nodeUdp, type UdpTransport } from './udp.ts'

export interface Limits {
  /** Packets of one hardware address. Default: 5 a second, 20 at once. */
  readonly client?: Rate
  /** Packets through one relay. Default: 1000 a second, 4000 at once. */
  readonly relay?: Rate
  /** All packets. Default: 100000 a second, 100000 at once. */
  readonly total?: Rate
  /** Decisions and delayed replies under way at one time. Default: 10000. */
  readonly pending?: number
}

export interface ProxyDhcpServerOptions extends IntakeOptions {
  readonly decide: Decide
  /** IPv4 address that replies advertise, of the one interface to serve. Or give `sockets`. */
  readonly address?: string
  /** Name of that interface, for records. Default: the address. */
  readonly interface?: string
  /** Several interfaces, each by sockets bound to its device. */
  readonly sockets?: readonly InterfaceSockets[]
  /** Deadline of `decide` in ms. Default: 1000 (iPXE waits 2 s for an offer). */
  readonly decideTimeoutMs?: number
  /** What is decided when the deadline has passed. Default: ignore. */
  readonly fallback?: BootDecision
  /** Which boot files the loop guard keeps from iPXE. Default: the usual names of iPXE binaries. */
  readonly isIpxeBinary?: (bootFile: string) => boolean
  readonly limits?: Limits
  /** A DHCP server on this host keeps unicast on port 67. Default: `auto`, where one is found at `listen`. */
  readonly shared?: boolean | 'auto'
  /** Hear broadcasts of other servers on port 68, to tell what stands in the way. Default: true. */
  readonly hearReplies?: boolean
  /** Id of this instance in every record. Default: random. */
  readonly id?: string
  readonly clock?: Clock
  readonly transport?: UdpTransport
}

export interface ListenOptions {
  /** Default: 67. */
  readonly port?: number
  /** Default: 4011. */
  readonly bootServerPort?: number
  /** Binds this address only, and hears no broadcasts. Default: broadcasts, and the advertised address. */
  readonly host?: string
}

export interface Settings extends IntakeOptions {
  readonly decide: Decide
  readonly interfaces: readonly (
    | InterfaceSockets
    | { readonly interface: string; readonly address: string }
  )[]
  readonly decideTimeoutMs: number
  readonly fallback: BootDecision
  readonly isIpxeBinary: (bootFile: string) => boolean
  readonly limits: Required<Limits>
  readonly shared: boolean | 'auto'
  readonly hearReplies: boolean
  readonly id: string
  readonly clock: Clock
  readonly transport: UdpTransport
}

const refuse = (message: string): never => {
  throw new DhcpError('ERR_DHCP_CONFIG', message)
}

const KNOWN: Readonly<Record<keyof ProxyDhcpServerOptions, true>> = {
  decide: true,
  address: true,
  interface: true,
  sockets: true,
  decideTimeoutMs: true,
  fallback: true,
  vendorClasses: true,
  answerRequestsOf: true,
  isIpxeBinary: true,
  limits: true,
  shared: true,
  hearReplies: true,
  id: true,
  clock: true,
  transport: true,
}

/** A misspelt option would be as if it were not there. */
const checkNames = (options: ProxyDhcpServerOptions): void => {
  // Types allow nothing else, plain JavaScript does.
  if (typeof options !== 'object' || options === null)
    refuse(`options are ${String(options)}, not an object with decide and an address`)
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(KNOWN, name))
  if (unknown !== undefined)
    refuse(`option ${JSON.stringify(unknown)} is not one of ${Object.keys(KNOWN).join(', ')}`)
}

const isDescriptor = (fd: unknown): boolean =>
  typeof fd === 'number' && Number.isInteger(fd) && fd >= 0

const checkSockets = (sockets: readonly InterfaceSockets[]): void => {
  if (!Array.isArray(sockets)) refuse(`sockets ${JSON.stringify(sockets)} is not a list`)
  for (const one of sockets) {
    if (typeof one?.interface !== 'string' || !isDescriptor(one.fd67) || !isDescriptor(one.fd4011))
      refuse(
        `sockets holds ${JSON.stringify(one)}, not { interface, address, fd67, fd4011 } with two file descriptors`,
      )
  }
}

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/

const checkLists = ({ vendorClasses = [], answerRequestsOf = [] }: IntakeOptions): void => {
  if (!Array.isArray(vendorClasses) || !vendorClasses.every((one) => typeof one === 'string'))
    refuse(`vendorClasses ${JSON.stringify(vendorClasses)} is not a list of texts`)
  const wrong = answerRequestsOf.find((mac) => !MAC.test(normalMac(mac)))
  if (wrong !== undefined)
    refuse(
      `answerRequestsOf names ${JSON.stringify(wrong)}, which is not a MAC such as 52:54:00:12:34:56`,
    )
}

const checkPending = (pending: number): number =>
  Number.isInteger(pending) && pending >= 1
    ? pending
    : refuse(`limit pending ${pending} is not a whole number of at least 1`)

const checkRate = (name: string, rate: Rate): Rate => {
  if (rate.perSecond > 0 && rate.burst >= 1) return rate
  return refuse(
    `limit ${name} of ${rate.perSecond} a second, ${rate.burst} at once is not above 0 and at least 1`,
  )
}

const interfacesOf = ({
  address,
  sockets,
  ...options
}: ProxyDhcpServerOptions): Settings['interfaces'] => {
  if (sockets && address !== undefined)
    return refuse('both address and sockets are given; one of them is allowed')
  if (sockets) checkSockets(sockets)
  const list =
    sockets ?? (address === undefined ? [] : [{ interface: options.interface ?? address, address }])
  if (list.length === 0) refuse('neither address nor sockets is given; one of them is needed')
  for (const one of list) {
    if (!parseAddress(one.address))
      refuse(`address ${JSON.stringify(one.address)} is not an IPv4 address other than 0.0.0.0`)
  }
  return list
}

/** @throws {DhcpError} `ERR_DHCP_CONFIG`; for the fallback, what `checkDecision` throws */
export const settingsOf = (options: ProxyDhcpServerOptions, randomId: () => string): Settings => {
  checkNames(options)
  const { decideTimeoutMs = 1000, limits = {}, fallback = { action: 'ignore' } } = options
  if (typeof options.decide !== 'function')
    refuse(`decide is ${typeof options.decide}, not a function from a request to a decision`)
  checkDecision(fallback)
  checkLists(options)
  if (!(decideTimeoutMs > 0 && decideTimeoutMs <= 60_000))
    refuse(`decideTimeoutMs ${decideTimeoutMs} is outside 1–60000`)
  return {
    decide: options.decide,
    interfaces: interfacesOf(options),
    decideTimeoutMs,
    fallback,
    isIpxeBinary: options.isIpxeBinary ?? isIpxeBinary,
    limits: {
      client: checkRate('client', limits.client ?? { perSecond: 5, burst: 20 }),
      relay: checkRate('relay', limits.relay ?? { perSecond: 1000, burst: 4000 }),
      total: checkRate('total', limits.total ?? { perSecond: 100_000, burst: 100_000 }),
      pending: checkPending(limits.pending ?? 10_000),
    },
    shared: options.shared ?? 'auto',
    hearReplies: options.hearReplies ?? true,
    id: options.id ?? randomId(),
    clock: options.clock ?? systemClock,
    transport: options.transport ?? nodeUdp,
    ...(options.vendorClasses && { vendorClasses: options.vendorClasses }),
    ...(options.answerRequestsOf && { answerRequestsOf: options.answerRequestsOf }),
  }
}

/**
 * Refuses what plain sockets cannot do: several interfaces.
 * @throws {DhcpError} `ERR_DHCP_INTERFACES`, with the systemd units to use instead
 */
export function requireOneInterface(names: readonly string[]): void {
  if (names.length <= 1) return
  const message = `${names.length} interfaces (${names.join(', ')}) need one device-bound socket each, which Node cannot make; have systemd pass them:\n${systemdUnits(names)}`
  throw new DhcpError('ERR_DHCP_INTERFACES', message)
}
