import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export type Transport = 'udp' | 'tcp'

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // a process that has just ended, or one we may not look at
  }
}

/** Inodes of the sockets that hold a port, from /proc/net (proc(5)): `sl local_address … inode`. */
const inodesOn = (transport: Transport, port: number): Set<string> => {
  const inodes = new Set<string>()
  for (const table of [transport, `${transport}6`]) {
    for (const line of read(`/proc/net/${table}`).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      const local = fields[1]?.split(':')[1]
      const listening = transport === 'udp' || fields[3] === '0A'
      if (local && listening && Number.parseInt(local, 16) === port && fields[9])
        inodes.add(fields[9])
    }
  }
  return inodes
}

const holdsOne = (pid: string, inodes: ReadonlySet<string>): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`)
      return inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '')
    })
  } catch {
    return false // another user's process: only root may see its files
  }
}

/** `dnsmasq (pid 812)`: the process that holds a port, where /proc tells. */
export const holderOf = (transport: Transport, port: number): string | undefined => {
  const inodes = inodesOn(transport, port)
  if (inodes.size === 0) return undefined
  try {
    const pid = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && holdsOne(entry, inodes))
    return pid && `${read(`/proc/${pid}/comm`).trim()} (pid ${pid})`
  } catch {
    return undefined // not Linux
  }
}
