import { ARCHITECTURES, firmwareOf } from '@bootwire/dhcp-proxy'

import { BootService } from '../boot/service.ts'
import { openDataFolder } from '../host/data.ts'
import { createHttpApp } from '../http/app.ts'
import { openConfigurationFile } from '../load/load.ts'
import { EventLog } from '../log/event-log.ts'
import { SLOTS } from '../model/ipxe-binaries.ts'
import type { FeatureRow } from '../seam/feature.ts'
import { openFeatures } from '../seam/registry.ts'
import { EmbeddedStore } from '../state/journal/embedded-store.ts'
import { startFeatures } from './start-features.ts'
import { Started } from './started.ts'

export interface OpenOptions {
  readonly file: string
  /** Address to listen on, any free port. */
  readonly address: string
  /** Folder for the state. */
  readonly data: string
}

/** The same, and the features that there are. */
interface OpenInputs extends OpenOptions {
  readonly features: readonly FeatureRow[]
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
export const open = async ({
  file,
  address,
  data,
  features,
}: OpenInputs): Promise<OpenedConfiguration> => {
  const configuration = await openConfigurationFile(file, { features })
  openDataFolder(data)
  const store = await EmbeddedStore.open({ folder: data })
  const service = new BootService({
    configuration,
    server: { address, base: '' },
    ipxe: SLOTS.map((slot) => ({ ...slot, path: slot.file })),
    log: new EventLog(),
    store,
    keys: await store.keys(),
  })
  const opened = await openFeatures(features, configuration.features)
  const started = new Started()
  await startFeatures(opened, service, data, started)
  const app = createHttpApp(service, opened)
  const base = await app.listen({ host: address, port: 0 })
  service.use({ server: { address, base } })
  return {
    base,
    bootFile: ({ architecture, mac, userClass }) => {
      const protocol = ARCHITECTURES.get(architecture)?.protocol === 'http' ? 'HTTP' : 'PXE'
      const vendorClass = `${protocol}Client:Arch:${String(architecture).padStart(5, '0')}`
      const architectures = [architecture]
      const userClasses = userClass === undefined ? [] : [userClass]
      const firmware = firmwareOf({ vendorClass, userClasses, architectures })
      const facts = { architectures, firmware, userClasses, vendorClass, localAddress: address }
      const decision = service.decisions.dhcp(mac === undefined ? facts : { ...facts, mac })
      return decision.action === 'boot' ? decision.file : undefined
    },
    close: async () => {
      await app.close()
      await started.stop()
      await store.close()
    },
  }
}
