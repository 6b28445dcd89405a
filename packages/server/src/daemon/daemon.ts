import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'

import { createProxyDhcpServer } from '@bootwire/dhcp-proxy'
import { createTftpServer } from '@bootwire/tftp'

import { tooManyReinstalls } from '../boot/reinstalls.ts'
import { BootService } from '../boot/service.ts'
import type { Configuration } from '../decide/configuration.ts'
import { bindError } from '../host/bind.ts'
import { daemonFile, openDataFolder, type DaemonFile } from '../host/data.ts'
import { neighbourOf } from '../host/neighbours.ts'
import type { PassedSockets } from '../host/passed.ts'
import { createHttpApp } from '../http/app.ts'
import type { EventLog } from '../log/event-log.ts'
import { ServerError } from '../model/errors.ts'
import type { IpxeBinary } from '../model/ipxe-binaries.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { openFeatures, type NamedFeature } from '../seam/registry.ts'
import { tftpReader } from '../tftp/read.ts'
import { watchDhcp } from './dhcp-events.ts'
import { notifySystemd } from './notify.ts'
import { openState } from './open-state.ts'
import { startAdmin, type AdminDoor } from './start-admin.ts'
import { startFeatures } from './start-features.ts'
import { Started } from './started.ts'
import { tellFetches } from './tell-fetches.ts'
import { watchTftp } from './tftp-events.ts'

export interface DaemonOptions {
  readonly configuration: Configuration
  readonly interface: string
  readonly address: string
  /** Default: none. */
  readonly passed?: PassedSockets
  readonly data: string
  readonly ipxe: readonly IpxeBinary[]
  readonly log: EventLog
  /** The features that there are; those whose key is configured run. Default: none. */
  readonly features?: readonly FeatureRow[]
}

/** The ports that are bound; 0 in the configuration takes any. */
export interface DaemonPorts {
  readonly dhcp: number | undefined
  readonly bootServer: number | undefined
  readonly tftp: number
  readonly http: number
}

export interface Daemon {
  readonly service: BootService
  /** Where it listens for machines. */
  readonly base: string
  readonly admin: AdminDoor
  readonly ports: DaemonPorts
  /** Takes nothing new, lets transfers end for 3 s each by TFTP and HTTP, and closes every port. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const CLOSE_DEADLINE_MS = 3000

/** Lets answers end that are being sent, and breaks off what takes longer. */
const drained = async (app: ReturnType<typeof createHttpApp>): Promise<void> => {
  const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_DEADLINE_MS)
  await app.close()
  clearTimeout(timer)
}

const startHttp = async (
  service: BootService,
  features: readonly NamedFeature[],
  address: string,
  port: number,
  started: Started,
): Promise<number> => {
  const app = createHttpApp(service, features)
  started.add(() => drained(app))
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    throw bindError(error, 'HTTP', 'tcp', address, port)
  }
  const bound = app.server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : port
}

const startTftp = async (
  service: BootService,
  { configuration, address, passed }: DaemonOptions,
  started: Started,
): Promise<number> => {
  const { port } = configuration.server.tftp
  const fd = passed?.tftp
  const instance = randomUUID()
  const contextOf = async (ip: string) => {
    const mac = service.sessions.macOf(ip) ?? (await neighbourOf(ip))
    if (mac === undefined) return null
    const session = service.sessions.touch(mac, 'tftp')
    service.sessions.learn(session, ip)
    return { boot: session.boot, mac }
  }
  const server = createTftpServer({ read: tftpReader(service, contextOf), instance })
  started.add(watchTftp(instance, service))
  started.add(() => server.close({ deadlineMs: CLOSE_DEADLINE_MS }))
  try {
    return (await server.listen(fd === undefined ? { port, host: address } : { fd })).port
  } catch (error) {
    throw bindError(error, 'TFTP', 'udp', address, port)
  }
}

const startDhcp = async (
  service: BootService,
  options: DaemonOptions,
  started: Started,
): Promise<{ dhcp: number | undefined; bootServer: number | undefined }> => {
  const { enabled, port, bootServerPort } = options.configuration.server.dhcp
  if (!enabled) return { dhcp: undefined, bootServer: undefined }
  const server = createProxyDhcpServer({
    decide: (request) => service.dhcp(request),
    ...(options.passed?.dhcp
      ? { sockets: [options.passed.dhcp] }
      : { address: options.address, interface: options.interface }),
  })
  started.add(watchDhcp(server.instance, service))
  started.add(tellFetches(server, service.log))
  started.add(() => server.close())
  try {
    const bound = await server.listen({ port, bootServerPort })
    return { dhcp: bound.port, bootServer: bound.bootServerPort }
  } catch (error) {
    const failed = String(error).includes(`:${bootServerPort}`) ? bootServerPort : port
    throw bindError(error, 'ProxyDHCP', 'udp', options.address, failed)
  }
}

/** Starts everything, or nothing: when one port cannot be had, the others are closed again. */
export const startDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const { configuration, address, data, ipxe, log } = options
  const settings = configuration.server
  openDataFolder(data)
  const store = await openState(settings.state, data, log)
  const started = new Started()
  started.add(() => store.close())
  const { url = `http://${address}:${settings.http.port}` } = settings.http
  const server = { address, base: url }
  try {
    const refused = await tooManyReinstalls(configuration, store)
    if (refused !== undefined) throw new ServerError('ERR_SERVER_CONFIG', refused)
    const keys = await store.keys()
    const service = new BootService({ configuration, server, ipxe, log, store, keys })
    const features = await openFeatures(options.features ?? [], configuration.features)
    await startFeatures(features, service, data, started)
    const http = await startHttp(service, features, address, settings.http.port, started)
    const base = `http://${address}:${http}`
    service.use({ server: { address, base: settings.http.url ?? base } })
    const admin = await startAdmin(service, features, data, started)
    const tftp = await startTftp(service, options, started)
    const { dhcp, bootServer } = await startDhcp(service, options, started)
    const ports = { dhcp, bootServer, tftp, http }
    service.ports = ports
    const file: DaemonFile = { pid: process.pid, base, socket: admin.socket }
    writeFileSync(daemonFile(data), `${JSON.stringify(file)}\n`, { mode: 0o644 })
    started.add(() => rmSync(daemonFile(data), { force: true }))
    log.emit('ready', {
      interface: options.interface,
      address,
      ports,
      http: service.offered.server.base,
      admin: admin.url ?? admin.socket,
      configuration: configuration.source,
      revision: configuration.revision,
      rules: configuration.rules.size,
      ipxe: ipxe.filter(({ path }) => path !== undefined).map(({ slot }) => slot),
    })
    notifySystemd(started)
    let closing: Promise<void> | undefined
    const close = () => {
      if (!closing) {
        log.emit('stopping')
        closing = started.stop()
      }
      return closing
    }
    return { service, base, admin, ports, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await started.stop()
    throw error
  }
}
