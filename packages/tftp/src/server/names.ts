import { Buffer } from 'node:buffer'

import { nativePath, type Spelling } from '@bootwire-internal/regular-file'

import { ErrorCode } from '../codec/opcodes.ts'
import { textOf } from '../codec/text.ts'
import { refuse, type Refusal } from '../content/answers.ts'

/**
 * A name as it stands on disk: on POSIX one character for each byte, because a name there is bytes and need not be
 * UTF-8; on Windows text.
 */
export type DiskName = string

const IS_WINDOWS = process.platform === 'win32'
/** How a {@link DiskName} is spelled. */
export const SPELLING: Spelling = IS_WINDOWS ? 'utf8' : 'latin1'

/** Text, as it stands on disk. */
export const diskNameOf = (text: string): DiskName =>
  IS_WINDOWS ? text : Buffer.from(text).toString('latin1')

/** Bytes that came over the wire, as they stand on disk. */
export const diskNameOfBytes = (bytes: Uint8Array): DiskName =>
  IS_WINDOWS ? textOf(bytes) : Buffer.from(bytes).toString('latin1')

/** For people, and for comparing. */
export const textOfDiskName = (name: DiskName): string =>
  IS_WINDOWS ? name : textOf(Buffer.from(name, 'latin1'))

/** For Node's file functions. */
export const pathOf = (name: DiskName): string | Buffer => nativePath(name, SPELLING)

/** One row of a remap table: the first whose `from` matches rewrites the name. */
export interface RemapRule {
  /** A whole name, or an expression. */
  readonly from: string | RegExp
  /** The new name; `$1` and its like stand for what the expression caught. */
  readonly to: string
}

const violation = refuse(ErrorCode.ACCESS_VIOLATION, 'access violation')
const notFound = refuse(ErrorCode.FILE_NOT_FOUND, 'file not found')

/** Devices of Windows that hide behind any extension: tftpd32's CVE-2002-2237. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

const isWindowsTrap = (segment: string): boolean =>
  WINDOWS_DEVICE.test(segment) || segment.includes(':') || /[. ]$/.test(segment)

/** Rewrites `name` by the first rule that matches. */
export const remap = (name: string, rules: readonly RemapRule[]): string => {
  for (const { from, to } of rules) {
    if (typeof from === 'string') {
      if (from === name) return to
    } else if (new RegExp(from.source, from.flags.replaceAll(/[gy]/g, '')).test(name)) {
      return name.replace(new RegExp(from.source, from.flags.replaceAll(/[gy]/g, '')), to)
    }
  }
  return name
}

/**
 * The parts of a requested name below the root, or why there are none.
 *
 * `\` separates as `/` does (Windows' boot manager), a leading one means nothing (iPXE drops it, GRUB keeps it),
 * and `..` is refused wherever it stands: no boot program needs it. Percent signs are plain characters.
 */
export const segmentsOf = (
  name: DiskName,
  windows: boolean = IS_WINDOWS,
): readonly DiskName[] | Refusal => {
  const segments = name.split(/[/\\]/).filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..') || name.includes('\0')) return violation
  if (windows && segments.some(isWindowsTrap)) return violation
  return segments.length === 0 ? notFound : segments
}

/** Intel's Boot Agent may append 0xFF to the name (seen on the syslinux list, March 2014). */
export const withoutTrailingFf = (rawName: Uint8Array): Uint8Array => {
  let end = rawName.length
  while (end > 0 && rawName[end - 1] === 0xff) end--
  return rawName.subarray(0, end)
}
