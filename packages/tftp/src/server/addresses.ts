import { networkInterfaces } from 'node:os'

import { listenFds } from '@bootwire-internal/common'

import { TftpError } from '../errors.ts'
import type { Bind } from '../udp.ts'
import type { ListenOptions } from './options.ts'

/** Every address that this machine has now; link-local ones with their zone. */
const ownAddresses = (): string[] =>
  Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address, scopeid }) => (scopeid ? `${address}%${name}` : address)),
  )

const activatedFds = (): number[] => {
  const fds = listenFds().map(({ fd }) => fd)
  if (fds.length > 0) return fds
  throw new TftpError(
    'ERR_TFTP_NO_SOCKET',
    'systemd passed no socket to this process (LISTEN_PID, LISTEN_FDS)',
  )
}

/** What to bind, and whether an address that cannot be bound may be left out. */
export const bindsOf = (
  options: ListenOptions,
): { readonly binds: Bind[]; readonly lenient: boolean } => {
  const { port = 69, host, fd } = options
  if (fd !== undefined) {
    const fds = fd === 'systemd' ? activatedFds() : [fd].flat()
    return { binds: fds.map((one) => ({ fd: one })), lenient: false }
  }
  const hosts = host === undefined ? ownAddresses() : [host].flat()
  if (hosts.length === 0)
    throw new TftpError('ERR_TFTP_NO_SOCKET', 'there is no address to listen on')
  return { binds: hosts.map((address) => ({ address, port })), lenient: host === undefined }
}
