import { DhcpError } from '../errors.ts'

const WAYS_OUT =
  'run as root, give node the capability (setcap cap_net_bind_service=+ep), or pass sockets from systemd'

const IN_USE: Readonly<Record<number, string>> = {
  67: 'another process holds it and does not share it; a DHCP server on this host keeps an address of its own, and this server gets another one (ip addr add)',
  4011: 'another process holds it, a boot server of this address; stop it, or give this server an address of its own (ip addr add)',
}

/** Why a socket could not be bound, and the way out. */
export const listenError = (error: unknown, address: string, port: number): DhcpError => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `UDP ${address}:${port}`
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? `ports below 1024 need a privilege: ${WAYS_OUT}`
      : code === 'EADDRINUSE'
        ? (IN_USE[port] ?? 'another process holds it and does not share it')
        : code === 'EADDRNOTAVAIL'
          ? 'no interface of this host has that address'
          : String(error)
  return new DhcpError('ERR_DHCP_LISTEN', `cannot listen on ${where}: ${why}`, { cause: error })
}
