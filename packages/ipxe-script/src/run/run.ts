import { type AnyProfile, debian12 } from '../table/index.ts'
import { toBytes, toText } from './bytes.ts'
import { runImage } from './execute.ts'
import { configureDevice } from './handlers-network.ts'
import type { Image } from './images.ts'
import { Keyboard, type Press } from './keyboard.ts'
import { LANGUAGE, type Language } from './language.ts'
import { builtinSource, createDevice, presetSettings, smbiosSource } from './machine-settings.ts'
import { cardsOf, type Machine } from './machine.ts'
import { fetchFrom, type Network } from './network.ts'
import { describeOutcome, Halt, type Outcome } from './outcome.ts'
import { readSetting, Root } from './settings.ts'
import { formatUri, parseUri } from './uri.ts'
import { type Limits, type Step, Vm } from './vm.ts'

export interface RunOptions {
  readonly machine?: Machine
  /** Files by URI, or a function that fetches. Default: nothing is there. */
  readonly network?: Network
  /** Keys pressed, by name and time. Default: none. */
  readonly keys?: readonly Press[]
  /** The iPXE build. Default: Debian 12's. */
  readonly profile?: AnyProfile
  /** Where the script came from; relative URIs resolve against it. */
  readonly uri?: string
  /** The script is part of the binary: no device is open and nothing is configured yet. Default: `false`. */
  readonly embedded?: boolean
  readonly limits?: Partial<Limits>
}

export interface RunResult {
  readonly outcome: Outcome
  /** The outcome as a sentence. */
  readonly summary: string
  readonly trace: readonly Step[]
  /** What iPXE would have printed. */
  readonly console: string
  /** Settings that the script set in the root block are read by name: `result.setting('sel')`. */
  readonly setting: (name: string) => string | undefined
  /** Virtual time that passed, in milliseconds. */
  readonly elapsedMs: number
  readonly steps: number
}

const LIMITS: Limits = { steps: 100_000, trace: 10_000, output: 1_000_000, work: 50_000_000 }

const createVm = (options: RunOptions, language: Language): Vm => {
  const { machine = {}, profile = debian12 } = options
  const platform = machine.platform ?? (profile.firmware.includes('bios') ? 'pcbios' : 'efi')
  const root = new Root(profile.traits.hasRecentSettings)
  const vm = new Vm({
    profile,
    platform,
    root,
    language,
    drives: machine.drives ?? [0x80],
    longMode: machine.longMode ?? true,
    keyboard: new Keyboard(options.keys ?? []),
    fetch: fetchFrom(options.network ?? {}),
    limits: { ...LIMITS, ...options.limits },
  })
  const builtin = builtinSource({
    platform,
    buildarch: machine.buildarch ?? (platform === 'efi' ? 'x86_64' : 'i386'),
    version: machine.version ?? profile.traits.version,
    recent: profile.traits.hasRecentSettings,
    errno: () => vm.errno,
    unixTime: () => (machine.unixTime ?? 0) + Math.floor(vm.parts.keyboard.nowMs / 1000),
    workingUri: () => (vm.workingUri ? formatUri(vm.workingUri) : ''),
  })
  root.add('builtin', builtin)
  root.add('smbios', smbiosSource(systemOf(machine)))
  for (const [index, card] of cardsOf(machine).entries())
    vm.devices.push(createDevice(root, index, card))
  root.add('netX').redirect = () => vm.opened?.block ?? null
  presetSettings(root, '', machine.settings ?? {})
  return vm
}

const systemOf = (machine: Machine): Parameters<typeof smbiosSource>[0] => ({
  uuid: machine.uuid ?? '00000000-0000-0000-0000-000000000000',
  manufacturer: machine.manufacturer ?? 'QEMU',
  product: machine.product ?? 'Standard PC (i440FX + PIIX, 1996)',
  serial: machine.serial ?? '',
  asset: machine.asset ?? '',
  boardSerial: machine.boardSerial ?? '',
})

const runToEnd = async (vm: Vm, image: Image): Promise<Outcome> => {
  try {
    const status = await runImage(vm, image)
    const { place } = vm
    const last = vm.trace.at(-1)
    if (status === 0 || last?.command[0] === 'exit') return { kind: 'falls through', status }
    return { kind: 'fails', ...place, status, reason: toText(vm.reason) }
  } catch (error) {
    if (error instanceof Halt) return error.outcome
    throw error
  }
}

/** Runs a script by a language that a test may have bent; everybody else uses `run`. */
export const runWith = async (
  language: Language,
  script: string | Uint8Array,
  options: RunOptions = {},
): Promise<RunResult> => {
  const vm = createVm(options, language)
  const image: Image = {
    name: '',
    uri: options.uri === undefined ? undefined : parseUri(toBytes(options.uri)),
    data: toBytes(script),
    type: 'script',
    commandLine: undefined,
    selected: false,
    // Nothing comes after it that could see it.
    autofree: true,
  }
  if (!options.embedded) for (const device of vm.devices) if (configureDevice(vm, device)) break
  const outcome = await runToEnd(vm, image)
  return {
    outcome,
    summary: describeOutcome(outcome),
    trace: vm.trace,
    console: toText(vm.output),
    setting: (name) => settingOf(vm, name),
    elapsedMs: vm.parts.keyboard.nowMs,
    steps: vm.steps,
  }
}

const settingOf = (vm: Vm, name: string): string | undefined => {
  const value = readSetting(vm.parts.root, toBytes(name))
  return typeof value === 'number' ? undefined : toText(value.text)
}

/**
 * Runs a script on a machine that is not there, by iPXE's own rules, and tells how the boot ends.
 *
 * It always comes to an end: loops are cut off by `limits` and reported.
 */
export const run = (script: string | Uint8Array, options: RunOptions = {}): Promise<RunResult> =>
  runWith(LANGUAGE, script, options)
