import { loadSocketHelper, type SocketHelper } from '@bootwire-internal/socket-helper'

import type { UdpOptions } from './udp.ts'

let helper: SocketHelper | undefined
let isLoaded = false

/** The native helper, where it can bind to devices: before Linux 5.7 that needs a right of its own. */
const deviceHelper = (): SocketHelper | undefined => {
  if (isLoaded) return helper
  isLoaded = true
  const loaded = loadSocketHelper().helper
  if (!loaded) return undefined
  try {
    loaded.close(loaded.openUdp({ address: '127.0.0.1', port: 0, device: 'lo' }))
    helper = loaded
  } catch {
    // No right to bind to devices: as if there were no helper.
  }
  return helper
}

/** True where sockets can be bound to devices. */
export const canBindDevices = (): boolean => deviceHelper() !== undefined

/**
 * A descriptor bound to the device that the options name; undefined where they name none. Unlike Node's, its datagrams go
 * out without the DF bit, for which some old PXE ROMs drop them.
 */
export const openOnDevice = (
  { address, port, device, broadcast = false, exclusive = false }: UdpOptions,
  receiveBufferBytes: number,
): number | undefined =>
  device === undefined
    ? undefined
    : deviceHelper()?.openUdp({
        address,
        port,
        device,
        broadcast,
        reuseAddress: !exclusive,
        pathMtuDiscovery: 'off',
        receiveBufferBytes,
      })

/** Closes a descriptor of {@link openOnDevice} that no socket has taken. */
export const closeOnDevice = (fd: number): void => deviceHelper()?.close(fd)
