import { randomUUID } from 'node:crypto'

import { createTftpServer } from '@bootwire/tftp'

import type { BootService } from '../boot/service.ts'
import { bindError } from '../host/bind.ts'
import type { HostAddress } from '../host/interfaces.ts'
import { neighbourOf } from '../host/neighbours.ts'
import { createHttpApp } from '../http/app.ts'
import type { NamedFeature } from '../seam/registry.ts'
import { tftpReader } from '../tftp/read.ts'
import type { OpenedAt } from './follow-interfaces.ts'
import { watchTftp } from './tftp-events.ts'

const CLOSE_DEADLINE_MS = 3000

/** A port that is bound. */
interface OpenedPort {
  readonly port: number
  close(): Promise<unknown>
}

const openHttp = async (
  service: BootService,
  features: readonly NamedFeature[],
  address: string,
): Promise<OpenedPort> => {
  const { port } = service.configuration.server.http
  const app = createHttpApp(service, features)
  /** Lets answers end that are being sent, and breaks off what takes longer. */
  const close = async (): Promise<void> => {
    const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_DEADLINE_MS)
    await app.close()
    clearTimeout(timer)
  }
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    await close()
    throw bindError(error, 'HTTP', 'tcp', address, port)
  }
  const bound = app.server.address()
  return { port: typeof bound === 'object' && bound !== null ? bound.port : port, close }
}

const openTftp = async (
  service: BootService,
  address: string,
  fd: number | undefined,
): Promise<OpenedPort> => {
  const { port } = service.configuration.server.tftp
  const instance = randomUUID()
  const contextOf = async (ip: string) => {
    const mac = service.sessions.macOf(ip) ?? (await neighbourOf(ip))
    if (mac === undefined) return null
    const session = service.sessions.touch(mac, 'tftp')
    service.sessions.learn(session, ip)
    return { boot: session.boot, mac }
  }
  const server = createTftpServer({ read: tftpReader(service, contextOf), instance })
  const unwatch = watchTftp(instance, service)
  const close = async (): Promise<void> => {
    await server.close({ deadlineMs: CLOSE_DEADLINE_MS })
    unwatch()
  }
  try {
    const bound = await server.listen(fd === undefined ? { port, host: address } : { fd })
    return { port: bound.port, close }
  } catch (error) {
    await close()
    throw bindError(error, 'TFTP', 'udp', address, port)
  }
}

/**
 * Opens HTTP and TFTP at one address, or neither.
 *
 * @param fd - a bound TFTP socket that somebody passed
 * @throws {ServerError} what {@link bindError} says
 */
export const openAt = async (
  service: BootService,
  features: readonly NamedFeature[],
  place: HostAddress,
  fd?: number,
): Promise<OpenedAt> => {
  const http = await openHttp(service, features, place.address)
  try {
    const tftp = await openTftp(service, place.address, fd)
    return {
      ...place,
      http: http.port,
      tftp: tftp.port,
      close: async () => {
        await Promise.all([tftp.close(), http.close()])
      },
    }
  } catch (error) {
    await http.close()
    throw error
  }
}
