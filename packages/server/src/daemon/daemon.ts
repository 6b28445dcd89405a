import { rmSync, writeFileSync } from 'node:fs'

import { tooManyReinstalls } from '../boot/reinstalls.ts'
import { BootService } from '../boot/service.ts'
import type { Configuration } from '../decide/configuration.ts'
import { daemonFile, openDataFolder, type DaemonFile } from '../host/data.ts'
import { addressNow, type WantedInterface } from '../host/interfaces.ts'
import type { PassedSockets } from '../host/passed.ts'
import type { EventLog } from '../log/event-log.ts'
import { ServerError } from '../model/errors.ts'
import type { IpxeBinary } from '../model/ipxe-binaries.ts'
import type { ServerAddress } from '../model/server-address.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { openFeatures } from '../seam/registry.ts'
import { InterfaceFollower, type OpenedAt } from './follow-interfaces.ts'
import { notifySystemd } from './notify.ts'
import { openAt } from './open-at.ts'
import { openState } from './open-state.ts'
import { startAdmin, type AdminDoor } from './start-admin.ts'
import { startDhcp, type StartedDhcp } from './start-dhcp.ts'
import { startFeatures } from './start-features.ts'
import { Started } from './started.ts'
import { watchStalls } from './watch-stalls.ts'

export interface DaemonOptions {
  readonly configuration: Configuration
  /** What to serve, in order: the first is what `Daemon.base` and the log's `ready` name. */
  readonly interfaces: readonly WantedInterface[]
  /** For the only interface. Default: none. */
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
  /** Where it listens for machines, on the first interface that is served. */
  readonly base: string
  /** What is served now: an interface without an address is not. */
  readonly served: readonly OpenedAt[]
  readonly admin: AdminDoor
  readonly ports: DaemonPorts
  /** Takes nothing new, lets transfers end for 3 s, and closes every port. Idempotent. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Told to nobody: where no interface has an address yet, nobody can ask. */
const NOWHERE = '0.0.0.0'

/** Starts everything, or nothing: when one port cannot be had, the others are closed again. */
export const startDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const { configuration, interfaces: wanted, passed, data, ipxe, log } = options
  const settings = configuration.server
  openDataFolder(data)
  const store = await openState(settings.state, data, log)
  const started = new Started()
  started.add(() => store.close())
  const addressAt = ({ address, http }: Pick<OpenedAt, 'address' | 'http'>): ServerAddress => ({
    address,
    base: settings.http.url ?? `http://${address}:${http}`,
  })
  try {
    const refused = await tooManyReinstalls(configuration, store)
    if (refused !== undefined) throw new ServerError('ERR_SERVER_CONFIG', refused)
    const keys = await store.keys()
    const server = addressAt({ address: NOWHERE, http: settings.http.port })
    const service = new BootService({ configuration, server, ipxe, log, store, keys })
    const features = await openFeatures(options.features ?? [], configuration.features)
    await startFeatures(features, service, data, started)
    watchStalls(service, started)
    let base = server.base
    let admin: AdminDoor | undefined
    let dhcp: StartedDhcp | undefined
    const tell = (): void => {
      if (!admin) return
      const file: DaemonFile = { pid: process.pid, base, socket: admin.socket }
      writeFileSync(daemonFile(data), `${JSON.stringify(file)}\n`, { mode: 0o644 })
    }
    const follower = new InterfaceFollower({
      wanted,
      // Sockets that were passed stay where they are.
      addressNow: passed ? ({ address }) => address : addressNow,
      open: (place) => openAt(service, features, place, passed?.tftp),
      changed: ([first, ...others]) => {
        if (first) base = `http://${first.address}:${first.http}`
        const where = first ? { server: addressAt(first) } : {}
        service.use({ ...where, others: others.map(addressAt) })
        tell()
        void dhcp?.addMissing()
      },
      log,
    })
    started.add(() => follower.close())
    await follower.start()
    admin = await startAdmin(service, features, data, started)
    if (settings.dhcp.enabled)
      dhcp = await startDhcp({ service, wanted, passed: passed?.dhcp, follower, started })
    const { served } = follower
    const ports = {
      dhcp: dhcp?.dhcp,
      bootServer: dhcp?.bootServer,
      tftp: served[0]?.tftp ?? settings.tftp.port,
      http: served[0]?.http ?? settings.http.port,
    }
    service.ports = ports
    tell()
    started.add(() => rmSync(daemonFile(data), { force: true }))
    log.emit('ready', {
      interface: wanted[0]?.interface,
      address: served[0]?.address,
      ...(wanted.length > 1 && {
        interfaces: served.map(({ interface: name, address }) => ({ interface: name, address })),
      }),
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
    return {
      service,
      get base() {
        return base
      },
      get served() {
        return follower.served
      },
      admin,
      ports,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await started.stop()
    throw error
  }
}
