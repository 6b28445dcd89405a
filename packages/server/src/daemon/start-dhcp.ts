import { createProxyDhcpServer } from '@bootwire/dhcp-proxy'

import type { BootService } from '../boot/service.ts'
import { bindError } from '../host/bind.ts'
import type { WantedInterface } from '../host/interfaces.ts'
import type { PassedSockets } from '../host/passed.ts'
import { messageOf } from '../model/errors.ts'
import { watchDhcp } from './dhcp-events.ts'
import type { InterfaceFollower } from './follow-interfaces.ts'
import type { Started } from './started.ts'
import { tellFetches } from './tell-fetches.ts'

export interface DhcpStart {
  readonly service: BootService
  readonly wanted: readonly WantedInterface[]
  readonly passed: PassedSockets['dhcp']
  readonly follower: InterfaceFollower
  readonly started: Started
}

/** The ports of ProxyDHCP, and how it serves interfaces that have come since. */
export interface StartedDhcp {
  readonly dhcp: number
  readonly bootServer: number
  readonly addMissing: () => Promise<void>
}

/** Serves ProxyDHCP on the interfaces that have an address; it follows theirs itself. */
export const startDhcp = async ({
  service,
  wanted,
  passed,
  follower,
  started,
}: DhcpStart): Promise<StartedDhcp> => {
  const { port, bootServerPort, shared } = service.configuration.server.dhcp
  const isServed = ({ interface: name }: WantedInterface): boolean =>
    follower.served.some((each) => each.interface === name)
  const added = new Set<WantedInterface>(wanted.filter(isServed))
  const server = createProxyDhcpServer({
    // A URL at an address where HTTP is not served yet would be dead.
    decide: (request) =>
      follower.serves(request.localAddress)
        ? service.dhcp(request)
        : follower.check().then(() => service.dhcp(request)),
    ...(passed ? { sockets: [passed] } : { interfaces: [...added] }),
    shared,
  })
  started.add(watchDhcp(server.instance, service))
  started.add(tellFetches(server, service.log))
  started.add(() => server.close())
  const addMissing = async (): Promise<void> => {
    for (const each of wanted.filter((one) => isServed(one) && !added.has(one))) {
      added.add(each)
      try {
        // oxlint-disable-next-line no-await-in-loop -- one interface after the other
        await server.addInterface(each)
      } catch (error) {
        added.delete(each)
        const why = `ProxyDHCP is not served on ${each.interface}: ${messageOf(error)}`
        service.log.emit('warning', { interface: each.interface, why })
      }
    }
  }
  try {
    const { interfaces } = await server.listen({ port, bootServerPort })
    const [first] = interfaces
    return {
      dhcp: first?.port ?? port,
      bootServer: first?.bootServerPort ?? bootServerPort,
      addMissing,
    }
  } catch (error) {
    const failed = String(error).includes(`:${bootServerPort}`) ? bootServerPort : port
    const where = follower.served.map(({ address }) => address).join(', ')
    throw bindError(error, 'ProxyDHCP', 'udp', where, failed)
  }
}
