import { listenFds } from '@bootwire-internal/common'
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

export const tftpSocketName = (interfaceName: string): string => `tftp69-${interfaceName}`

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

/** True where systemd passed any. */
export const hasPassedSockets = (environment: Environment = process.env): boolean =>
  listenFds(environment).length > 0

/**
 * The sockets that systemd passed for the one interface being served.
 * @throws {ServerError} `ERR_SERVER_SOCKETS` where one has no use here: it would hold its port, and nobody would read it
 */
export const passedSockets = (
  served: HostAddress,
  environment: Environment = process.env,
): PassedSockets => {
  const passed = listenFds(environment)
  if (passed.length === 0) return {}
  const tftpName = tftpSocketName(served.interface)
  const known = [`dhcp67-${served.interface}`, `dhcp4011-${served.interface}`, tftpName]
  const other = passed.find(({ name }) => !known.includes(name))
  if (other)
    refuse(
      `systemd passed the socket ${other.name}; one interface is served, ${served.interface}, and it takes ${known.join(', ')}`,
    )
  const tftp = passed.find(({ name }) => name === tftpName)?.fd
  const dhcp = dhcpSockets(served, environment)
  return { ...(dhcp && { dhcp }), ...(tftp !== undefined && { tftp }) }
}
