import {
  Block,
  boot,
  facts,
  imgfree,
  initrd,
  iseq,
  kernel,
  shim,
  type Command,
  type Text,
  type UriLike,
} from '../build/index.ts'
import { listOf } from './list.ts'
import { checkOptions } from './options.ts'

/** A file that is put into the initial RAM disk at a path, beside what the initrds bring. */
export interface InjectedFile {
  readonly uri: UriLike
  /** Where it lies in the RAM disk: `preseed.cfg`. */
  readonly path: string
  /** Its permissions in octal, as `0o755`. Default: iPXE's, `0o644`. */
  readonly mode?: number
}

export interface LinuxOptions {
  readonly kernel: UriLike
  /** Initial RAM disks in order, and files to put into them. Default: none. */
  readonly initrds?: readonly (UriLike | InjectedFile)[]
  /** Kernel arguments; `initrd=` is added by itself. A string may hold several. */
  readonly args?: readonly Text[]
  /** A shim for Secure Boot; BIOS builds ignore it. */
  readonly shim?: UriLike
  /**
   * Go on where it cannot be had: builds before 2023-05 have no such command, and do not boot under Secure Boot either. It
   * is asked for under UEFI alone then. Default: false.
   */
  readonly shimOptional?: boolean
}

/** An object that is none of ours, nor a URL. */
const isPlain = (file: unknown): boolean =>
  typeof file === 'object' && file !== null && Object.getPrototypeOf(file) === Object.prototype

const isInjected = (file: UriLike | InjectedFile): file is InjectedFile =>
  typeof file === 'object' && 'path' in file && 'uri' in file

const load = (
  file: UriLike | InjectedFile,
  name: string,
): Command<'initrd' | 'initrd --name', 'fallible'> => {
  if (!isInjected(file)) return initrd({ name }, file)
  const mode = file.mode === undefined ? [] : [`mode=${file.mode.toString(8)}`]
  return initrd({ name }, file.uri, file.path, ...mode)
}

const nameOf = (index: number): string => `initrd${index}`

/**
 * The `initrd=` arguments. A kernel under UEFI fetches its RAM disks from iPXE by these names; under BIOS it gets every
 * image loaded, whatever they say. Injected files exist only in iPXE's combined `initrd.magic` (since 2021-05).
 */
const initrdArguments = (files: readonly (UriLike | InjectedFile)[]): string[] =>
  files.some(isInjected)
    ? ['initrd=initrd.magic']
    : files.map((_, index) => `initrd=${nameOf(index)}`)

const shimLines = ({ shim: uri, shimOptional = false }: LinuxOptions) => {
  if (uri === undefined) return []
  return [shimOptional ? iseq(facts.platform, 'efi').and(shim(uri)).orIgnore() : shim(uri)]
}

type LinuxFeature = 'imgfree' | 'kernel' | 'kernel --name' | 'initrd' | 'initrd --name' | 'boot'

/**
 * Boots Linux, under BIOS and UEFI alike: discards what is loaded, since BIOS would pass every image to the kernel,
 * names the images itself and makes `initrd=` agree.
 */
export function linux(
  options: LinuxOptions & { readonly shim: UriLike; readonly shimOptional?: false },
): Block<LinuxFeature | 'shim'>
export function linux(
  options: LinuxOptions & { readonly shim: UriLike },
): Block<LinuxFeature | 'shim' | 'iseq'>
export function linux(options: LinuxOptions & { readonly shim?: never }): Block<LinuxFeature>
export function linux(options: LinuxOptions): Block<LinuxFeature | 'shim' | 'iseq'>
export function linux(options: LinuxOptions): Block<LinuxFeature | 'shim' | 'iseq'> {
  checkOptions('linux', options)
  const initrds = listOf('initrds', options.initrds)
  for (const file of initrds) if (isPlain(file)) checkOptions('a file of linux', file)
  const args = listOf('args', options.args)
  return new Block<LinuxFeature | 'shim' | 'iseq'>([
    imgfree(),
    kernel({ name: 'kernel' }, options.kernel, ...initrdArguments(initrds), ...args),
    ...initrds.map((file, index) => load(file, nameOf(index))),
    ...shimLines(options),
    boot(),
  ])
}
