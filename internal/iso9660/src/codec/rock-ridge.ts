import { Buffer } from 'node:buffer'

import type { SystemUseEntry } from './system-use.ts'
import { textOf } from './text.ts'

/** What Rock Ridge (IEEE P1282) says of a record. */
export interface RockRidge {
  /** Absent: the record has its ISO 9660 name only. */
  readonly name?: string
  /** POSIX file type and permissions. */
  readonly mode?: number
  /** Target of a symbolic link. */
  readonly target?: string
  /** Sector of the folder that stands here, but is deeper than ISO 9660 allows and lies elsewhere. */
  readonly childSector?: number
  /** This is such a folder, where it lies; it is shown where it stands. */
  readonly isRelocated: boolean
  /** The data is deflated (`ZF`) or has holes (`SF`): its bytes in the image are not those of the file. */
  readonly isEncoded: boolean
}

const CONTINUES = 0x01
const CURRENT = 0x02
const PARENT = 0x04
const ROOT = 0x08

const nameOf = (entries: readonly SystemUseEntry[]): string | undefined => {
  // Other flags than `continues` stand for `.` and `..`, which no record but these two has.
  const parts = entries.filter(({ signature, data }) => signature === 'NM' && data.length >= 1)
  const end = parts.findIndex(({ data }) => (data[0]! & CONTINUES) === 0)
  const used = parts.slice(0, end + 1 || parts.length)
  return used.length === 0
    ? undefined
    : textOf(Buffer.concat(used.map(({ data }) => data.subarray(1))))
}

/** Components of one `SL` entry: flags, length, text. */
const componentsOf = (area: Buffer): { readonly flags: number; readonly text: Buffer }[] => {
  const components: { readonly flags: number; readonly text: Buffer }[] = []
  for (let at = 0; at + 2 <= area.length;) {
    const end = at + 2 + area[at + 1]!
    if (end > area.length) break
    components.push({ flags: area[at]!, text: area.subarray(at + 2, end) })
    at = end
  }
  return components
}

/** Joins the components with slashes; one that is continued goes on in the next. */
const targetOf = (entries: readonly SystemUseEntry[]): string | undefined => {
  const links = entries.filter(({ signature, data }) => signature === 'SL' && data.length >= 1)
  if (links.length === 0) return undefined
  let [target, needsSlash] = ['', false]
  for (const { flags, text } of links.flatMap(({ data }) => componentsOf(data.subarray(1)))) {
    if ((flags & ROOT) !== 0) {
      ;[target, needsSlash] = ['/', false]
      continue
    }
    const dots = (flags & CURRENT) !== 0 ? '.' : (flags & PARENT) !== 0 ? '..' : undefined
    target += `${needsSlash ? '/' : ''}${dots ?? text.toString('latin1')}`
    needsSlash = (flags & CONTINUES) === 0
  }
  return textOf(Buffer.from(target, 'latin1'))
}

const numberOf = (
  entries: readonly SystemUseEntry[],
  signature: string,
): { readonly value: number } | undefined => {
  const entry = entries.find((each) => each.signature === signature && each.data.length >= 8)
  return entry && { value: entry.data.readUInt32LE(0) }
}

/** Decodes the entries of one record. */
export const decodeRockRidge = (entries: readonly SystemUseEntry[]): RockRidge => {
  const [name, target] = [nameOf(entries), targetOf(entries)]
  const [mode, child] = [numberOf(entries, 'PX'), numberOf(entries, 'CL')]
  const has = (wanted: string): boolean => entries.some(({ signature }) => signature === wanted)
  return {
    ...(name !== undefined && { name }),
    ...(target !== undefined && { target }),
    ...(mode && { mode: mode.value }),
    ...(child && { childSector: child.value }),
    isRelocated: has('RE'),
    isEncoded: has('ZF') || has('SF'),
  }
}
