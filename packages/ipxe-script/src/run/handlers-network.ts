import type { Bytes } from './bytes.ts'
import { messageOf, STATUS } from './errno.ts'
import { integerAt } from './handlers-core.ts'
import type { Device } from './machine-settings.ts'
import { presetSettings } from './machine-settings.ts'
import { type Block, textOf } from './settings.ts'
import { parseUri } from './uri.ts'
import type { Handler, Vm } from './vm.ts'

const CONFIGURATORS = new Set(['dhcp', 'ipv6'])

/** Does something with the devices named, all of them where none is; the status is that of the last one. */
const withDevices =
  (act: (vm: Vm, device: Device) => number): Handler =>
  (vm, { rest }) => {
    let status = 0
    if (rest.length === 0) for (const device of vm.devices) status = act(vm, device)
    for (const name of rest) {
      const device = vm.device(name)
      if (!device) return noDevice(vm, name)
      status = act(vm, device)
    }
    return status
  }

const noDevice = (vm: Vm, name: Bytes): number =>
  vm.complain(STATUS.noDevice, `"${name}": no such network device`)

export const openDevice = (vm: Vm, device: Device): number => {
  if (!device.open) {
    device.open = true
    vm.opened = device
  }
  return 0
}

/** What DHCP tells stays when the device is closed. */
const closeDevice = (vm: Vm, device: Device): number => {
  device.open = false
  device.configured = false
  if (vm.opened === device) vm.opened = vm.devices.find(({ open }) => open)
  return 0
}

const blockBelow = (parent: Block, name: string): Block => {
  const block = parent.child(name) ?? parent.add(name)
  block.clear()
  return block
}

/** Asks DHCP on one device: its answer becomes settings, its next server the place of relative file names. */
export const configureDevice = (vm: Vm, device: Device): boolean => {
  openDevice(vm, device)
  const { card } = device
  if (!card.link || card.dhcp === false) return false
  const { root } = vm.parts
  blockBelow(device.block, 'dhcp')
  presetSettings(root, `${device.name}.dhcp/`, card.dhcp)
  if (Object.keys(card.proxyDhcp).length > 0) {
    blockBelow(root, 'proxydhcp')
    presetSettings(root, 'proxydhcp/', card.proxyDhcp)
  }
  device.configured = true
  const server = textOf(root, 'next-server')
  if (server !== '') vm.workingUri = parseUri(`tftp://${server}/`)
  return true
}

const ifconf: Handler = (vm, { rest, options }) => {
  const configurator = options.get('configurator')
  if (typeof configurator === 'string' && !CONFIGURATORS.has(configurator))
    return vm.complain(STATUS.noConfigurator, `"${configurator}": no such configurator`)
  const how = configurator === undefined ? '' : `[${configurator}] `
  const wanted = rest.length === 0 ? vm.devices : rest.map((name) => vm.device(name) ?? name)
  let status = 0
  for (const device of wanted) {
    if (typeof device === 'string') return noDevice(vm, device)
    vm.print(`Configuring ${how}(${device.name} ${device.card.mac})...`)
    if (configureDevice(vm, device)) {
      vm.print(' ok\n')
      return 0
    }
    status = device.card.link ? STATUS.notConfigured : STATUS.linkDown
    vm.print(` ${messageOf(status)}\n`)
    vm.reason = `no configuration on ${device.name}`
  }
  return status
}

const location = (index: number): string => `0000:00:${(3 + index).toString(16).padStart(2, '0')}.0`

/** What `ifstat` says of a device. */
export const describeDevice = (vm: Vm, device: Device): number => {
  const index = vm.devices.indexOf(device)
  const { card, name, open } = device
  vm.print(
    `${name}: ${card.mac} using ${card.chip} on ${location(index)} (${open ? 'open' : 'closed'})\n` +
      `  [Link:${card.link ? 'up' : 'down'}, TX:0 TXE:0 RX:0 RXE:0]\n`,
  )
  return 0
}

const ifstat = withDevices(describeDevice)

const route: Handler = (vm) => {
  for (const device of vm.devices) {
    const ip = textOf(vm.parts.root, `${device.name}/ip`)
    const mask = textOf(vm.parts.root, `${device.name}/netmask`)
    if (ip !== '')
      vm.print(`${device.name}: ${ip}/${mask}${device.open ? '' : ' (inaccessible)'}\n`)
  }
  return 0
}

const pxebs: Handler = (vm, { rest }) => {
  const [name = '', type = ''] = rest
  if (!vm.device(name)) return noDevice(vm, name)
  const number = integerAt(vm, type)
  if (typeof number === 'number') return number
  const message = messageOf(STATUS.bootServer)
  vm.print(`PXEBS (${name} type ${number.value})... ${message}\n`)
  return vm.complain(STATUS.bootServer, `Could not discover boot server on ${name}: ${message}`)
}

const vcreate: Handler = (vm, { rest, options }) => {
  const trunk = vm.device(rest[0]!)
  if (!trunk) return noDevice(vm, rest[0]!)
  const tag = Number(options.get('tag') ?? 0)
  const name = `${trunk.name}-${tag}`
  if (!vm.device(name))
    vm.devices.push({
      ...trunk,
      name,
      block: vm.parts.root.add(name),
      open: false,
      configured: false,
    })
  return 0
}

const vdestroy: Handler = (vm, { rest }) => {
  const device = vm.device(rest[0]!)
  if (!device?.name.includes('-')) return noDevice(vm, rest[0]!)
  vm.devices.splice(vm.devices.indexOf(device), 1)
  return 0
}

/** Nothing of what it prints is modelled. From source. */
const silent: Handler = () => 0

export const NETWORK: Readonly<Record<string, Handler>> = {
  dhcp: ifconf,
  pxebs,
  ifopen: withDevices(openDevice),
  ifclose: withDevices(closeDevice),
  ifstat,
  ifconf,
  route,
  iflinkwait: withDevices((_, { card }) => (card.link ? 0 : STATUS.linkDown)),
  vcreate,
  vdestroy,
  ibstat: silent,
  iwstat: silent,
  iwlist: silent,
  nstat: silent,
  ipstat: silent,
  lotest: silent,
  fcstat: silent,
  fcels: silent,
  ntp: silent,
  ping: silent,
  nslookup: silent,
}
