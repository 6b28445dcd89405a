import { socketsFromSystemd, type InterfaceSockets } from '@bootwire/dhcp-proxy'

import { messageOf, ServerError } from '../model/errors.ts'
import type { HostAddress } from './interfaces.ts'

/** Bound sockets that systemd passed; the daemon binds what is not among them. */
export interface PassedSockets {
  readonly dhcp?: InterfaceSockets
  /** File descriptor of the TFTP socket. */
  readonly tftp?: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** First descriptor that systemd passes: sd_listen_fds(3). */
const FIRST_FD = 3

export const tftpSocketName = (interfaceName: string): string => `tftp69-${interfaceName}`

const passedNames = ({ LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES }: Environment): string[] => {
  // The variables may be a parent's, and the descriptors not here.
  if (Number(LISTEN_PID) !== process.pid) return []
  const names = LISTEN_FDNAMES?.split(':') ?? []
  return Array.from({ length: Number(LISTEN_FDS) || 0 }, (_, i) => names[i] ?? 'unknown')
}

const refuse = (message: string, cause?: unknown): never => {
  throw new ServerError('ERR_SERVER_SOCKETS', message, { cause })
}

const dhcpSockets = (
  { interface: name, address }: HostAddress,
  environment: Environment,
): InterfaceSockets | undefined => {
  try {
    return socketsFromSystemd(environment, { [name]: address })[0]
  } catch (error) {
    return refuse(messageOf(error), error)
  }
}

/**
 * The sockets that systemd passed for the one interface being served.
 * @throws {ServerError} `ERR_SERVER_SOCKETS` where one has no use here: it would hold its port, and nobody would read it
 */
export const passedSockets = (
  served: HostAddress,
  environment: Environment = process.env,
): PassedSockets => {
  const names = passedNames(environment)
  if (names.length === 0) return {}
  const tftpName = tftpSocketName(served.interface)
  const known = [`dhcp67-${served.interface}`, `dhcp4011-${served.interface}`, tftpName]
  const other = names.find((name) => !known.includes(name))
  if (other !== undefined)
    refuse(
      `systemd passed the socket ${other}; one interface is served, ${served.interface}, and it takes ${known.join(', ')}`,
    )
  const tftp = names.indexOf(tftpName)
  const dhcp = dhcpSockets(served, environment)
  return { ...(dhcp && { dhcp }), ...(tftp >= 0 && { tftp: FIRST_FD + tftp }) }
}
