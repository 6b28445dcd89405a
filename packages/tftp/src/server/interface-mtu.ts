import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** Where nothing is known: Ethernet. */
const DEFAULT_MTU_BYTES = 1500
/** An interface may come, go or change. */
const KEPT_MS = 5000

const withoutZone = (address: string): string => address.replace(/%.*$/, '')

const interfaceOf = (address: string): string | undefined => {
  const [plain, zone] = [withoutZone(address), address.split('%')[1]]
  const named = Object.entries(networkInterfaces()).filter(([, addresses]) =>
    addresses?.some((one) => one.address === plain),
  )
  return (named.find(([name]) => name === zone) ?? named[0])?.[0]
}

/** `/sys/class/net/NAME/mtu`; elsewhere than on Linux nobody tells. */
const mtuOfInterface = (name: string): number => {
  try {
    const mtu = Number(readFileSync(`/sys/class/net/${name}/mtu`, 'latin1'))
    return Number.isInteger(mtu) && mtu > 0 ? mtu : DEFAULT_MTU_BYTES
  } catch {
    return DEFAULT_MTU_BYTES
  }
}

/** Largest packet of the interface that has a local address: jumbo frames and tunnels are used as they are. */
export const interfaceMtu = (clock: () => number): ((local: string) => number) => {
  const known = new Map<string, { readonly mtu: number; readonly atMs: number }>()
  return (local) => {
    const now = clock()
    const before = known.get(local)
    if (before && now - before.atMs < KEPT_MS) return before.mtu
    const name = interfaceOf(local)
    const mtu = name === undefined ? DEFAULT_MTU_BYTES : mtuOfInterface(name)
    // As many as there are addresses to listen on.
    known.set(local, { mtu, atMs: now })
    return mtu
  }
}
