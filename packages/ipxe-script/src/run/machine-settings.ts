import { IpxeScriptError } from '../errors.ts'
import { type Bytes, toBytes } from './bytes.ts'
import { STATUS } from './errno.ts'
import { type NetworkCard } from './machine.ts'
import { octetsOf, typeNamed } from './setting-types.ts'
import {
  type Block,
  resolveName,
  type Root,
  type Source,
  storeText,
  type Value,
} from './settings.ts'

const valueOf = (type: string, raw: Bytes): Value => ({ type: typeNamed(type), raw })

const text = (value: string): Value => valueOf('string', toBytes(value))

const parsed = (type: string, value: string): Value => {
  const raw = typeNamed(type).parse?.(value)
  return valueOf(type, typeof raw === 'string' ? raw : '')
}

/** Fixed answers by name; what is empty is not there, as with SMBIOS strings. */
const answers =
  (values: Readonly<Record<string, () => Value | undefined>>): Source['fetch'] =>
  ({ name }) => {
    const value = Object.hasOwn(values, name) ? values[name]!() : undefined
    return value?.raw === '' ? undefined : value
  }

export interface Facts {
  readonly errno: () => number
  readonly unixTime: () => number
  readonly workingUri: () => string
  readonly platform: string
  readonly buildarch: string
  readonly version: string
  /** Whether the build tells the working URI. */
  readonly recent: boolean
}

/** `builtin/…`: what iPXE says of itself. */
export const builtinSource = (facts: Facts): Source => ({
  scope: 'builtin',
  fetch: answers({
    errno: () => valueOf('uint32', octetsOf(facts.errno(), 4)),
    unixtime: () => valueOf('uint32', octetsOf(facts.unixTime(), 4)),
    platform: () => text(facts.platform),
    buildarch: () => text(facts.buildarch),
    version: () => text(facts.version),
    cwuri: () => (facts.recent ? valueOf('string', facts.workingUri()) : undefined),
    cwduri: () =>
      facts.recent ? valueOf('string', facts.workingUri().replace(/[^/]*$/, '')) : undefined,
  }),
})

export interface SystemFacts {
  readonly uuid: string
  readonly manufacturer: string
  readonly product: string
  readonly serial: string
  readonly asset: string
  readonly boardSerial: string
}

/** `smbios/…`: what the machine's maker wrote down. */
export const smbiosSource = (facts: SystemFacts): Source => ({
  scope: 'smbios',
  fetch: answers({
    uuid: () => valueOf('uuid', parsed('hexraw', facts.uuid.replaceAll('-', '')).raw),
    manufacturer: () => text(facts.manufacturer),
    product: () => text(facts.product),
    serial: () => text(facts.serial),
    asset: () => text(facts.asset),
    'board-serial': () => text(facts.boardSerial),
  }),
})

/** One network device: its card, its block of settings, and whether it is open. */
export interface Device {
  readonly name: string
  readonly card: Required<NetworkCard>
  readonly block: Block
  open: boolean
  configured: boolean
}

const READ_ONLY = new Set(['hwaddr', 'bustype', 'busloc', 'busid', 'chip', 'ifname', 'linktype'])

/** Makes `netN` with what the device knows of itself. Only its address can be written. */
export const createDevice = (root: Block, index: number, card: Required<NetworkCard>): Device => {
  const name = `net${index}`
  const hardware = parsed('hex', card.mac).raw
  let address = hardware
  const location = octetsOf((3 + index) << 3, 4)
  const source: Source = {
    scope: 'net',
    fetch: answers({
      mac: () => valueOf('hex', address),
      hwaddr: () => valueOf('hex', hardware),
      chip: () => text(card.chip),
      ifname: () => text(name),
      bustype: () => text('PCI'),
      busid: () => parsed('hex', card.busId),
      busloc: () => valueOf('uint32', location),
    }),
    store: (setting, raw) => {
      if (READ_ONLY.has(setting.name)) return STATUS.deviceSettingUnsupported
      if (setting.name !== 'mac') return undefined
      if (raw !== undefined && raw.length !== hardware.length) return STATUS.macInvalid
      address = raw ?? hardware
      return 0
    },
  }
  return { name, card, block: root.add(name, source), open: false, configured: false }
}

/** Writes settings given as text; one that cannot be stored is the caller's mistake. */
export const presetSettings = (
  root: Root,
  prefix: string,
  settings: Readonly<Record<string, string>>,
): void => {
  for (const [name, value] of Object.entries(settings)) {
    const named = resolveName(root, toBytes(`${prefix}${name}`), true)
    const status = typeof named === 'number' ? named : storeText(named, toBytes(value))
    if (status !== 0)
      throw new IpxeScriptError(
        'ERR_IPXE_SETTING',
        `setting ${prefix}${name} cannot hold ${JSON.stringify(value)}`,
      )
  }
}
