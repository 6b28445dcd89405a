import { exit, facts, iseq, type ScriptLine, sanboot, type Text } from '../build/index.ts'
import { checkOptions } from './options.ts'

export interface LocalBootOptions {
  /** BIOS number of the disk. Default: `0x80`, the first. */
  readonly drive?: number
  /**
   * Status given to UEFI firmware, which then tries its next boot entry. Default: 1; some firmware takes 0 for "booted
   * and done" and stops there (netbootxyz/netboot.xyz#1276).
   */
  readonly efiStatus?: number
  /**
   * A boot loader on the first disk to start under UEFI, as `\EFI\debian\shimx64.efi`, instead of going back to the
   * firmware. Builds before 2024-03 cannot, and go back to it.
   */
  readonly efiLoader?: Text
}

type LocalFeature = 'iseq' | 'exit' | 'sanboot' | 'sanboot --drive' | 'sanboot --no-describe'

/** Boots the local disk. Nothing runs after it. */
export function localBoot(
  options: LocalBootOptions & { readonly efiLoader: Text },
): readonly ScriptLine<LocalFeature | 'sanboot --filename'>[]
export function localBoot(
  options?: LocalBootOptions & { readonly efiLoader?: never },
): readonly ScriptLine<LocalFeature>[]
export function localBoot(options: LocalBootOptions = {}): readonly ScriptLine[] {
  checkOptions('localBoot', options)
  const { drive = 0x80, efiStatus = 1, efiLoader } = options
  const isEfi = iseq(facts.platform, 'efi')
  return [
    ...(efiLoader === undefined
      ? []
      : [isEfi.and(sanboot({ drive: 0, filename: efiLoader })).orIgnore()]),
    isEfi.and(exit(efiStatus)).orIgnore(),
    sanboot({ 'no-describe': true, drive }).orExit(1),
  ]
}
