import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { BootService } from '../boot/service.ts'
import type { LogRecord } from '../log/names.ts'
import { messageOf } from '../model/errors.ts'
import type { FeatureHost } from '../seam/feature.ts'
import type { NamedFeature } from '../seam/registry.ts'
import type { Started } from './started.ts'

/** Tells a feature of an event. What it does wrong with it is its own trouble, and no boot's. */
const tell = (service: BootService, { name, hears }: NamedFeature, record: LogRecord): void => {
  try {
    hears?.[record.event]?.(record)
  } catch (error) {
    // A feature that fails at warnings would make the next one.
    if (record.event !== 'warning')
      service.log.emit('warning', { feature: name, why: messageOf(error) })
  }
}

/** Starts the features in the order of the table. */
export const startFeatures = async (
  features: readonly NamedFeature[],
  service: BootService,
  data: string,
  started: Started,
): Promise<void> => {
  const panels = features.flatMap((feature) => feature.panels ?? [])
  for (const feature of features) {
    const { name, hears, start, stop } = feature
    const folder = (): string => {
      const path = join(data, 'features', name)
      mkdirSync(path, { recursive: true, mode: 0o750 })
      return path
    }
    const host: FeatureHost = { service, folder, panels: () => panels }
    // oxlint-disable-next-line no-await-in-loop -- in the order of the table
    await start?.(host)
    if (stop) started.add(stop)
    if (hears) started.add(service.log.subscribe((record) => tell(service, feature, record)))
  }
}
