/** A bound socket that a service manager handed to this process. */
export interface PassedSocket {
  readonly fd: number
  /** The unit's `FileDescriptorName=`; `unknown` where it has none. */
  readonly name: string
}

/** SD_LISTEN_FDS_START: first descriptor of sd_listen_fds(3). */
const FIRST_FD = 3
/** More than any unit of ours has; a larger number is taken for garbage. */
const MAX_SOCKETS = 1024

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The sockets of socket activation, as sd_listen_fds_with_names(3) finds them; none where the variables are another
 * process's, which inherited them without the descriptors.
 */
export const listenFds = (
  environment: Environment = process.env,
  pid: number = process.pid,
): readonly PassedSocket[] => {
  const { LISTEN_PID, LISTEN_FDS = '', LISTEN_FDNAMES } = environment
  if (LISTEN_PID !== String(pid) || !/^\d{1,4}$/.test(LISTEN_FDS)) return []
  const count = Number(LISTEN_FDS)
  if (count > MAX_SOCKETS) return []
  const names = LISTEN_FDNAMES?.split(':') ?? []
  return Array.from({ length: count }, (_, i) => ({
    fd: FIRST_FD + i,
    name: names[i] || 'unknown',
  }))
}
