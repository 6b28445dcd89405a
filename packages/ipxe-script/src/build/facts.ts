import { IpxeScriptError } from '../errors.ts'
import { type IntegerType, Setting, setting } from './setting.ts'

/** A network interface, with its settings. */
export class Net {
  /** `net0`, `netX` (the one opened last), `net0-24`, or with an expansion, `net${i}`. */
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  /** A setting of this interface. */
  get(name: string): Setting<'string'> {
    return setting(`${this.name}/${name}`)
  }

  get mac(): Setting<'hex'> {
    return setting(`${this.name}/mac`, 'hex')
  }

  get ip(): Setting<'ipv4'> {
    return setting(`${this.name}/ip`, 'ipv4')
  }

  get netmask(): Setting<'ipv4'> {
    return setting(`${this.name}/netmask`, 'ipv4')
  }

  get gateway(): Setting<'ipv4'> {
    return setting(`${this.name}/gateway`, 'ipv4')
  }

  get dns(): Setting<'ipv4'> {
    return setting(`${this.name}/dns`, 'ipv4')
  }
}

const numberOf = (value: number | Setting<IntegerType>, most: number): string => {
  if (value instanceof Setting) return value.expansion
  if (Number.isInteger(value) && value >= 0 && value <= most) return String(value)
  throw new IpxeScriptError(
    'ERR_IPXE_SETTING',
    `interface number ${value} is not a whole number from 0 to ${most}`,
  )
}

/** An interface by number, `X` for the one opened last; with a VLAN tag, as `vcreate` names it. */
export const net = (
  which: number | 'X' | Setting<IntegerType>,
  vlan?: number | Setting<IntegerType>,
): Net =>
  new Net(
    `net${which === 'X' ? 'X' : numberOf(which, 255)}${vlan === undefined ? '' : `-${numberOf(vlan, 4094)}`}`,
  )

/** What iPXE knows of the machine and of itself. */
export interface Facts {
  readonly mac: Setting<'hex'>
  readonly ip: Setting<'ipv4'>
  readonly netmask: Setting<'ipv4'>
  readonly gateway: Setting<'ipv4'>
  readonly dns: Setting<'ipv4'>
  readonly nextServer: Setting<'ipv4'>
  readonly dhcpServer: Setting<'ipv4'>
  readonly hostname: Setting<'string'>
  readonly domain: Setting<'string'>
  readonly filename: Setting<'string'>
  readonly rootPath: Setting<'string'>
  readonly uuid: Setting<'uuid'>
  readonly manufacturer: Setting<'string'>
  readonly product: Setting<'string'>
  readonly serial: Setting<'string'>
  readonly asset: Setting<'string'>
  readonly boardSerial: Setting<'string'>
  /** Architecture iPXE was built for: `i386` also on 64-bit machines under BIOS. For the processor: `cpuid`. */
  readonly buildarch: Setting<'string'>
  /** `pcbios` or `efi`. */
  readonly platform: Setting<'string'>
  readonly version: Setting<'string'>
  /** Code of the last command that failed. */
  readonly errno: Setting<'string'>
  readonly username: Setting<'string'>
  readonly password: Setting<'string'>
  readonly initiatorIqn: Setting<'string'>
  readonly keepSan: Setting<'int8'>
}

export const facts: Facts = {
  mac: setting('mac', 'hex'),
  ip: setting('ip', 'ipv4'),
  netmask: setting('netmask', 'ipv4'),
  gateway: setting('gateway', 'ipv4'),
  dns: setting('dns', 'ipv4'),
  nextServer: setting('next-server', 'ipv4'),
  dhcpServer: setting('dhcp-server', 'ipv4'),
  hostname: setting('hostname'),
  domain: setting('domain'),
  filename: setting('filename'),
  rootPath: setting('root-path'),
  uuid: setting('uuid', 'uuid'),
  manufacturer: setting('manufacturer'),
  product: setting('product'),
  serial: setting('serial'),
  asset: setting('asset'),
  boardSerial: setting('board-serial'),
  buildarch: setting('buildarch'),
  platform: setting('platform'),
  version: setting('version'),
  errno: setting('errno'),
  username: setting('username'),
  password: setting('password'),
  initiatorIqn: setting('initiator-iqn'),
  keepSan: setting('keep-san', 'int8'),
}
