import { toText } from './bytes.ts'
import { download, request } from './download.ts'
import { messageOf, STATUS } from './errno.ts'
import { runImage } from './execute.ts'
import { integerAt } from './handlers-core.ts'
import { configureDevice, describeDevice, openDevice } from './handlers-network.ts'
import type { Device } from './machine-settings.ts'
import { Halt } from './outcome.ts'
import { textOf } from './settings.ts'
import { formatUri, parseUri, resolveUri } from './uri.ts'
import type { Call, Handler, Vm } from './vm.ts'

const FIRST_DRIVE = 0x80

const driveOf = (vm: Vm, { options }: Call): number => {
  const asked = options.get('drive')
  if (typeof asked === 'number') return asked
  const set = textOf(vm.parts.root, 'san-drive')
  return set === '' ? FIRST_DRIVE : Number(set)
}

const shown = (drive: number): string => `0x${drive.toString(16).padStart(2, '0')}`

/** Attaches a drive; a status where no path to it can be opened. */
const attach = async (vm: Vm, call: Call): Promise<number> => {
  const uris = call.rest.map((text) => resolveUri(vm.workingUri, parseUri(text)))
  let status = 0
  for (const uri of uris) {
    const known = uri.scheme !== undefined && vm.parts.profile.schemes.has(uri.scheme)
    // oxlint-disable-next-line no-await-in-loop -- one path after the other
    const reply = known ? await request(vm, uri) : STATUS.schemeUnsupported
    status = typeof reply === 'number' ? reply : 0
    if (status === 0) break
  }
  if (status !== 0) return vm.complain(status, `Could not open SAN device: ${messageOf(status)}`)
  const drive = driveOf(vm, call)
  if (uris.length > 0) {
    vm.hooked.set(
      drive,
      uris.map((uri) => toText(formatUri(uri))),
    )
    vm.print(`Registered SAN device ${shown(drive)}\n`)
  }
  return 0
}

const sanboot: Handler = async (vm, call) => {
  const status = await attach(vm, call)
  if (status !== 0) return status
  const drive = driveOf(vm, call)
  const uris = vm.hooked.get(drive)
  vm.print(`Booting from SAN device ${shown(drive)}\n`)
  if (uris || vm.parts.drives.includes(drive))
    throw new Halt({ kind: 'boots disk', ...vm.place, drive, uris: uris ?? [] })
  return vm.complain(
    STATUS.diskFailed,
    `Boot from SAN device ${shown(drive)} failed: ${messageOf(STATUS.diskFailed)}`,
  )
}

const sanunhook: Handler = (vm, call) => {
  const drive = driveOf(vm, call)
  vm.hooked.delete(drive)
  vm.print(`Unregistered SAN device ${shown(drive)}\n`)
  return 0
}

/** Bit 29 of the extended leaf is 64-bit mode; any other bit counts as there, as any number iPXE masks to 0-31. */
const cpuid: Handler = (vm, { rest, options }) => {
  const bit = integerAt(vm, rest[0]!)
  if (typeof bit === 'number') return bit
  const asksLongMode =
    (options.has('ext') || options.has('amd')) && !options.has('ecx') && bit.value === 29
  return asksLongMode && !vm.parts.longMode ? STATUS.cpuFeature : 0
}

const leave =
  (kind: 'reboots' | 'powers off'): Handler =>
  (vm) => {
    throw new Halt({ kind, ...vm.place })
  }

const bootFrom = async (vm: Vm, device: Device): Promise<number> => {
  openDevice(vm, device)
  describeDevice(vm, device)
  vm.print(`Configuring (${device.name} ${device.card.mac})...`)
  if (!configureDevice(vm, device)) {
    vm.print(` ${messageOf(STATUS.notConfigured)}\n`)
    return STATUS.notConfigured
  }
  vm.print(' ok\n')
  const server = textOf(vm.parts.root, 'next-server')
  const file = textOf(vm.parts.root, 'filename')
  if (file === '')
    return vm.complain(STATUS.nothingToBoot, `Nothing to boot: ${messageOf(STATUS.nothingToBoot)}`)
  if (server !== '') vm.print(`Next server: ${server}\n`)
  vm.print(`Filename: ${file}\n`)
  const image = await download(vm, file)
  if (typeof image === 'number') return image
  vm.images.add(image)
  return runImage(vm, image)
}

const autoboot: Handler = async (vm, { rest }) => {
  const wanted = rest.length === 0 ? [...vm.devices] : rest.map((name) => vm.device(name) ?? name)
  let status = 0
  for (const device of wanted) {
    if (typeof device === 'string')
      return vm.complain(STATUS.noDevice, `"${device}": no such network device`)
    // oxlint-disable-next-line no-await-in-loop -- one device after the other
    status = await bootFrom(vm, device)
    if (status === 0) return 0
  }
  if (rest.length === 0) vm.print('No more network devices\n')
  return status
}

/** Nothing that a script could see. From source, but for `sync`. */
const nothing: Handler = () => 0

export const MACHINE: Readonly<Record<string, Handler>> = {
  cpuid,
  reboot: leave('reboots'),
  sanhook: attach,
  sanboot,
  sanunhook,
  autoboot,
  sync: nothing,
  poweroff: leave('powers off'),
  pciscan: () => STATUS.noSetting,
  usbscan: () => STATUS.noSetting,
  console: nothing,
  colour: nothing,
  cpair: nothing,
  certstat: nothing,
  certfree: nothing,
  certstore: nothing,
  profstat: nothing,
  gdbstub: nothing,
  startpxe: nothing,
  stoppxe: nothing,
}
