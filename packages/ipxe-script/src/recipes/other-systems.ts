import {
  Block,
  boot,
  facts,
  imgfree,
  initrd,
  kernel,
  sanboot as sanbootCommand,
  sanhook,
  set,
  type Text,
  type UriLike,
} from '../build/index.ts'
import { listOf } from './list.ts'
import { checkOptions } from './options.ts'

export interface WindowsOptions {
  /** The `wimboot` program. */
  readonly wimboot: UriLike
  readonly bcd: UriLike
  readonly bootSdi: UriLike
  readonly bootWim: UriLike
  /** Files to put beside them in `X:\Windows\System32`, by their names there. Default: none. */
  readonly files?: Readonly<Record<string, UriLike>>
}

/** Starts Windows PE with wimboot, under BIOS and UEFI. */
export const windows = (
  options: WindowsOptions,
): Block<'imgfree' | 'kernel' | 'initrd' | 'initrd --name' | 'boot'> => {
  checkOptions('windows', options)
  const { wimboot, bcd, bootSdi, bootWim, files = {} } = options
  return new Block([
    imgfree(),
    kernel(wimboot),
    ...Object.entries(files).map(([name, uri]) => initrd({ name }, uri, name)),
    initrd({ name: 'BCD' }, bcd, 'BCD'),
    initrd({ name: 'boot.sdi' }, bootSdi, 'boot.sdi'),
    initrd({ name: 'boot.wim' }, bootWim, 'boot.wim'),
    boot(),
  ])
}

export interface MemtestOptions {
  /** Memtest86+ 6 or later has one file for BIOS and UEFI. */
  readonly uri: UriLike
  readonly args?: readonly Text[]
}

/** Tests the memory. */
export const memtest = (options: MemtestOptions): Block<'imgfree' | 'kernel' | 'boot'> => {
  checkOptions('memtest', options)
  return new Block([imgfree(), kernel(options.uri, ...listOf('args', options.args)), boot()])
}

export interface SanbootOptions {
  /** One URI, or the paths to one drive: `iscsi:192.0.2.1::::iqn.2020-01.example:disk`. */
  readonly targets: readonly [UriLike, ...UriLike[]]
  readonly initiator?: Text
  readonly login?: { readonly username: Text; readonly password: Text }
  /** BIOS number of the drive. Default: `0x80`. */
  readonly drive?: number
  /** Only attaches the drive, for an installer that boots next. Default: `false`. */
  readonly attachOnly?: boolean
}

type SanFeature = 'set' | 'sanhook' | 'sanhook --drive' | 'sanboot' | 'sanboot --drive'

/** Boots from a SAN drive, or attaches one for an installer. */
export const sanboot = (options: SanbootOptions): Block<SanFeature> => {
  checkOptions('sanboot', options)
  listOf('targets', options.targets)
  const { targets, initiator, login, drive = 0x80, attachOnly = false } = options
  return new Block<SanFeature>([
    ...(initiator === undefined ? [] : [set(facts.initiatorIqn, initiator)]),
    ...(login === undefined
      ? []
      : [set(facts.username, login.username), set(facts.password, login.password)]),
    attachOnly ? sanhook({ drive }, ...targets) : sanbootCommand({ drive }, ...targets),
  ])
}
