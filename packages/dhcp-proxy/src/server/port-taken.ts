import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A socket of this host that unicast packets to us may be meant for. */
export interface PortHolder {
  /** Who holds it, where that may be known: `dnsmasq (pid 12)`. */
  readonly process?: string
}

/** The place that is served. */
export interface Place {
  readonly address: string
  readonly interface: string
  readonly port: number
}

/** `/proc/net/udp` has an address as the host has it in memory: little-endian. */
const hexAddress = (address: string): string =>
  address
    .split('.')
    .toReversed()
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()

/** True where a row of `/proc/net/udp` is bound to the port on our address or on all: what is bound elsewhere gets none of our packets. */
export const holdsPort = (table: string, { address, port }: Omit<Place, 'interface'>): boolean => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const ours = new Set([`00000000:${hex}`, `${hexAddress(address)}:${hex}`])
  return table.split('\n').some((row) => ours.has(row.trim().split(/\s+/)[1] ?? ''))
}

const LOCAL = /^(?<address>[^%]+?)(?:%(?<device>[^:]+))?:\d+$/
const PROCESS = /\(\("(?<name>[^"]+)",pid=(?<pid>\d+)/

/** Who of the list that `ss` prints gets unicast packets to this place: a socket bound to another device does not. */
export const holderIn = (
  list: string,
  { address, interface: name }: Place,
): PortHolder | undefined => {
  for (const row of list.split('\n')) {
    const [, , , local = '', , users = ''] = row.trim().split(/\s+/)
    const found = LOCAL.exec(local)?.groups
    if (!found) continue
    const isOurAddress = ['0.0.0.0', '*', address].includes(found['address'] ?? '')
    const isOurDevice = found['device'] === undefined || found['device'] === name
    if (!isOurAddress || !isOurDevice) continue
    const owner = PROCESS.exec(users)?.groups
    return owner ? { process: `${owner['name']} (pid ${owner['pid']})` } : {}
  }
  return undefined
}

const run = promisify(execFile)

/**
 * Another socket of this host that unicast packets to this place may be meant for. `/proc/net/udp` does not say to which
 * device a socket is bound, `ss` of iproute2 does; without it, a socket bound to all addresses counts.
 */
export const findPortHolder = async (place: Place): Promise<PortHolder | undefined> => {
  let table: string
  try {
    table = await readFile('/proc/net/udp', 'utf8')
  } catch {
    return undefined // no /proc: the bind will tell
  }
  if (!holdsPort(table, place)) return undefined
  try {
    const { stdout } = await run('ss', ['-Hlunp', `sport = :${place.port}`], { timeout: 2000 })
    return holderIn(stdout, place)
  } catch {
    return {} // no ss
  }
}
