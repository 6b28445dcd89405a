import { networkInterfaces } from 'node:os'

import { listenFds } from '@bootwire-internal/common'

import { DhcpError } from '../errors.ts'
import type { InterfaceSockets } from './interfaces.ts'

const nameOf = (port: 67 | 4011, interfaceName: string): string => `dhcp${port}-${interfaceName}`

const unit = (
  interfaceName: string,
  port: 67 | 4011,
): string => `# bootwire-dhcp${port}@${interfaceName}.socket
[Socket]
ListenDatagram=0.0.0.0:${port}
BindToDevice=${interfaceName}
Broadcast=yes
ReusePort=yes
FileDescriptorName=${nameOf(port, interfaceName)}
Service=bootwire.service`

/** The socket units that serve these interfaces: two for each. */
export function systemdUnits(interfaces: readonly string[]): string {
  return interfaces.flatMap((name) => [unit(name, 67), unit(name, 4011)]).join('\n\n')
}

const addressOf = (interfaceName: string): string => {
  const found = networkInterfaces()[interfaceName]?.find(({ family }) => family === 'IPv4')
  if (found) return found.address
  throw new DhcpError(
    'ERR_DHCP_CONFIG',
    `interface ${interfaceName} has no IPv4 address to advertise`,
  )
}

/**
 * The sockets that systemd passed, by the names in {@link systemdUnits}; none where it passed none.
 * @param addresses advertised address by interface; default: the first one of each
 * @throws {DhcpError} `ERR_DHCP_CONFIG` where one of an interface's two sockets is missing
 */
export function socketsFromSystemd(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  addresses: Readonly<Record<string, string>> = {},
): readonly InterfaceSockets[] {
  const byName = new Map(listenFds(environment).map(({ name, fd }) => [name, fd]))
  const interfaces = [...byName.keys()].flatMap(
    (name) => /^dhcp(?:67|4011)-(.+)$/.exec(name)?.[1] ?? [],
  )
  return [...new Set(interfaces)].map((name) => {
    const fd67 = byName.get(nameOf(67, name))
    const fd4011 = byName.get(nameOf(4011, name))
    if (fd67 === undefined || fd4011 === undefined) {
      const missing = fd67 === undefined ? 67 : 4011
      throw new DhcpError(
        'ERR_DHCP_CONFIG',
        `no socket ${nameOf(missing, name)} was passed; each interface needs port 67 and port 4011`,
      )
    }
    return { interface: name, address: addresses[name] ?? addressOf(name), fd67, fd4011 }
  })
}
