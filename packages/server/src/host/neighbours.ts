import { readFile } from 'node:fs/promises'

import { normalizeMac } from '../model/facts.ts'

/** The hardware address behind an IP address of a directly attached network, from the kernel's ARP table (proc(5)). */
export const neighbourOf = async (ip: string): Promise<string | undefined> => {
  try {
    for (const line of (await readFile('/proc/net/arp', 'utf8')).split('\n').slice(1)) {
      const [address, , flags, mac] = line.split(/\s+/)
      // Flags 0x2: the entry is complete.
      if (address === ip && flags !== '0x0' && mac) return normalizeMac(mac)
    }
  } catch {
    // not Linux: no such table, and the address stays unknown
  }
  return undefined
}
