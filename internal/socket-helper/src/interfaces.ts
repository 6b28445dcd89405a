import { checked, invalid } from './errors.ts'
import type { Native } from './native.ts'

/** Longest name of a network interface, in bytes (`IFNAMSIZ` less the closing zero). */
export const MAX_INTERFACE_NAME_BYTES = 15

/** The name as the kernel takes it. @throws {SocketHelperError} `EINVAL` for one that no interface can have. */
export const interfaceNameBytes = (name: string): Uint8Array => {
  const bytes = Buffer.from(name)
  if (bytes.length > 0 && bytes.length <= MAX_INTERFACE_NAME_BYTES && !bytes.includes(0)) {
    return bytes
  }
  throw invalid(
    'interface',
    `${JSON.stringify(name)} is no name of 1 to ${MAX_INTERFACE_NAME_BYTES} bytes`,
  )
}

/** Index of an interface. @throws {SocketHelperError} `ENODEV` when there is none of that name. */
export const interfaceIndex = (native: Native, name: string): number =>
  checked(native.interface_index(interfaceNameBytes(name)), 'ioctl SIOCGIFINDEX', name)

/** Name of an interface. @throws {SocketHelperError} `ENODEV` when there is none of that index. */
export const interfaceName = (native: Native, index: number): string => {
  const bytes = Buffer.alloc(MAX_INTERFACE_NAME_BYTES + 1)
  const length = checked(
    native.interface_name(index, bytes),
    'ioctl SIOCGIFNAME',
    `interface ${index}`,
  )
  return bytes.toString('utf8', 0, length)
}

/** The zone of a link-local address, `eth0` or `2`, as an index. */
export const zoneIndex = (native: Native, zone: string): number =>
  /^\d+$/.test(zone) ? Number(zone) : interfaceIndex(native, zone)
