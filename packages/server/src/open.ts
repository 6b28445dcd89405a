import { join } from 'node:path'

import { ARCHITECTURES, firmwareOf } from '@bootwire/dhcp-proxy'

import { activate } from './activate.ts'
import { formatIssue } from './config/format.ts'
import { loadFile } from './config/load.ts'
import { ServerError } from './errors.ts'
import { EventLog } from './events/log.ts'
import { createHttpApp } from './http/app.ts'
import { SLOTS } from './ipxe/slots.ts'
import { BootService } from './service.ts'
import { StateStore } from './state/store.ts'

export interface OpenOptions {
  readonly file: string
  /** Address to listen on, any free port. */
  readonly address: string
  /** Folder for the state. */
  readonly data: string
}

/** What a DHCP request says of itself. */
export interface DhcpQuestion {
  readonly architecture: number
  readonly mac?: string
  readonly userClass?: string
}

/** A configuration that answers over HTTP, with no DHCP and no TFTP: to test it. */
export interface OpenedConfiguration {
  readonly base: string
  /** The boot file that DHCP would name, as if every iPXE binary were there; undefined: no answer. */
  bootFile(question: DhcpQuestion): string | undefined
  close(): Promise<void>
}

/**
 * Opens a configuration for tests of it: scripts and answers over HTTP on a free port, and DHCP's decision by function.
 * @throws {ServerError} `ERR_SERVER_CONFIG`
 */
export const openConfiguration = async ({
  file,
  address,
  data,
}: OpenOptions): Promise<OpenedConfiguration> => {
  const loaded = await loadFile(file)
  if (!loaded.ok)
    throw new ServerError('ERR_SERVER_CONFIG', loaded.issues.map(formatIssue).join('\n'))
  const store = new StateStore(join(data, 'state.json'), Date.now)
  store.open()
  const ipxe = SLOTS.map(({ slot, title, file: name, architectures }) => ({
    slot,
    title,
    file: name,
    architectures,
    path: name,
  }))
  const service = new BootService({
    active: await activate(loaded),
    place: { address, base: '', ipxe },
    log: new EventLog({ write: () => true }, 'json'),
    store,
    tokenKey: Buffer.alloc(32),
  })
  const app = createHttpApp(service)
  const base = await app.listen({ host: address, port: 0 })
  service.place = { ...service.place, base }
  return {
    base,
    bootFile: ({ architecture, mac, userClass }) => {
      const protocol = ARCHITECTURES.get(architecture)?.protocol === 'http' ? 'HTTP' : 'PXE'
      const vendorClass = `${protocol}Client:Arch:${String(architecture).padStart(5, '0')}`
      const architectures = [architecture]
      const userClasses = userClass === undefined ? [] : [userClass]
      const firmware = firmwareOf({ vendorClass, userClasses, architectures })
      const facts = { architectures, firmware, userClasses, vendorClass, localAddress: address }
      const decision = service.dhcpDecision(mac === undefined ? facts : { ...facts, mac })
      return decision.action === 'boot' ? decision.file : undefined
    },
    close: async () => {
      await app.close()
      await store.flush()
    },
  }
}
