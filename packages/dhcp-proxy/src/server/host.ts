import { networkInterfaces } from 'node:os'

/** An IPv4 address of this host. */
export interface LocalAddress {
  readonly interface: string
  readonly address: string
  readonly mac: string
}

/** This host's IPv4 addresses, loopback too. */
export const localAddresses = (): readonly LocalAddress[] =>
  Object.entries(networkInterfaces()).flatMap(([name, entries]) =>
    (entries ?? [])
      .filter(({ family }) => family === 'IPv4')
      .map(({ address, mac }) => ({ interface: name, address, mac })),
  )
