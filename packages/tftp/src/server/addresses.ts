import { isIPv6 } from 'node:net'
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

/** True for `0.0.0.0`, `::` and other spellings of it. */
export const isWildcard = (address: string): boolean => /^[0.:]+$/.test(address)

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
  // As everybody expects of `::`; a second socket for IPv4 would find its port taken.
  const dualStack = hosts.every((address) => isIPv6(address))
  const binds = hosts.map((address) => ({
    address,
    port,
    dualStack: dualStack && isWildcard(address),
  }))
  return { binds, lenient: host === undefined }
}
