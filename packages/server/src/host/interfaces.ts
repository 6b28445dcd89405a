import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

export interface HostAddress {
  readonly interface: string
  readonly address: string
}

/** Bridges and pairs that container tools make: real machines are not behind them, so they are no candidates. */
const VIRTUAL =
  /^(docker|br-[0-9a-f]{12}|veth|virbr|cni|flannel|cali|podman|lxc|lxdbr|tun|tap|wg|tailscale)/

/** IPv4 addresses of this host's interfaces. Loopback counts only where it is asked for by name: for tests. */
export const hostAddresses = (
  wanted: { readonly interface?: string | undefined; readonly address?: string | undefined } = {},
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): HostAddress[] =>
  Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(
        ({ family, internal, address }) =>
          family === 'IPv4' &&
          !address.startsWith('169.254.') &&
          (!internal || wanted.interface === name || wanted.address === address),
      )
      .map(({ address }) => ({ interface: name, address })),
  )

/** An interface to serve; without an address, at whichever it has. */
export interface WantedInterface {
  readonly interface: string
  readonly address?: string
}

/** The address at which an interface is to be served now, if it has one. */
export const addressNow = (
  wanted: WantedInterface,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string | undefined =>
  hostAddresses(wanted, interfaces).find(
    (each) =>
      each.interface === wanted.interface &&
      (wanted.address === undefined || each.address === wanted.address),
  )?.address

/** True where there is an interface of this name, with or without an address: sysfs(5). */
export const isInterface = (name: string): boolean =>
  /^(?!\.{1,2}$)[^/]+$/.test(name) && existsSync(`/sys/class/net/${name}`)

export type InterfaceChoice =
  | ({ readonly ok: true } & HostAddress)
  | { readonly ok: false; readonly message: string }

const list = (choices: readonly HostAddress[]): string =>
  choices
    .map((choice) => `  --interface ${choice.interface} --address ${choice.address}`)
    .join('\n')

/** The interface and address to serve, or the choices when it is not clear. */
export const chooseInterface = (
  wanted: { readonly interface?: string | undefined; readonly address?: string | undefined },
  all: readonly HostAddress[],
): InterfaceChoice => {
  const named = all.filter(
    (each) =>
      (wanted.interface === undefined || each.interface === wanted.interface) &&
      (wanted.address === undefined || each.address === wanted.address),
  )
  const explicit = wanted.interface !== undefined || wanted.address !== undefined
  const physical = named.filter((each) => !VIRTUAL.test(each.interface))
  // The only address there is needs no choice, whatever its interface is called.
  const real = explicit || named.length === 1 ? named : physical
  if (real.length === 1) return { ok: true, ...real[0]! }
  const asked = [
    wanted.interface && `interface ${wanted.interface}`,
    wanted.address && `address ${wanted.address}`,
  ]
    .filter(Boolean)
    .join(' with ')
  if (real.length > 1) {
    const many = explicit ? `${asked} leaves several addresses` : 'this host has several networks'
    return { ok: false, message: `${many}; choose one:\n${list(real)}` }
  }
  if (all.length === 0)
    return { ok: false, message: 'this host has no IPv4 address on any interface but loopback' }
  const none = explicit
    ? `there is no ${asked} with an IPv4 address here`
    : 'only container networks have an IPv4 address here'
  return { ok: false, message: `${none}; there is:\n${list(all)}` }
}
