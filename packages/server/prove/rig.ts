import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Measurement } from '../../../scripts/measure.ts'
import { BootService } from '../src/boot/service.ts'
import { activate, loadText } from '../src/load/load.ts'
import { EventLog } from '../src/log/event-log.ts'
import { SLOTS } from '../src/model/ipxe-binaries.ts'
import { EmbeddedStore } from '../src/state/journal/embedded-store.ts'

export const executions = (what: string, ours: number, limit: number): Measurement => ({
  what: `${what}: executions`,
  unit: '',
  ours,
  bar: { of: 'ours', is: 'at least', limit },
})

export const failures = (what: string, ours: number): Measurement => ({
  what: `${what}: failures`,
  unit: '',
  ours,
  bar: { of: 'ours', is: 'at most', limit: 0 },
})

/** Runs `work` with a service on a configuration, in a folder that is gone afterwards. */
export const withService = async <T>(
  makeYaml: (folder: string) => string,
  work: (service: BootService, folder: string) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'bootwire-prove-'))
  try {
    const loaded = await loadText(makeYaml(folder), join(folder, 'boot.yaml'))
    if (!loaded.ok) throw new Error(loaded.issues.map(({ message }) => message).join('\n'))
    const store = await EmbeddedStore.open({ folder: join(folder, 'state') })
    const service = new BootService({
      configuration: await activate(loaded),
      server: { address: '10.0.0.5', base: 'http://10.0.0.5:8080' },
      ipxe: SLOTS.map((slot) => ({ ...slot, path: slot.file })),
      log: new EventLog(),
      store,
      keys: await store.keys(),
    })
    try {
      return await work(service, folder)
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
