import type { EventLog } from '../log/event-log.ts'
import type { StateSettings } from '../model/plan.ts'
import { EmbeddedStore } from '../state/journal/embedded-store.ts'
import type { StateStore } from '../state/state-store.ts'

/**
 * Opens the store of machine records that the configuration names: on this host's disk, or in etcd.
 * @throws {StateError} it cannot be used, and what to do
 */
export const openState = async (
  settings: StateSettings | undefined,
  folder: string,
  log: EventLog,
): Promise<StateStore> => {
  const onNotice = (why: string): void => log.emit('state.notice', { why })
  if (!settings?.etcd) return EmbeddedStore.open({ folder, onNotice })
  // Loaded for those alone who have one.
  const { EtcdStore } = await import('../state/etcd/etcd-store.ts')
  return EtcdStore.open({ ...settings.etcd, onNotice })
}
