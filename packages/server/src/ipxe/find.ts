import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'

import {
  FOLDERS,
  SLOTS,
  type IpxeBinary,
  type IpxeSlot,
  type Slot,
} from '../model/ipxe-binaries.ts'

const machineOf = (path: string): number | undefined => {
  const head = Buffer.alloc(1024)
  const fd = openSync(path, 'r')
  try {
    const length = readSync(fd, head, 0, head.length, 0)
    if (length < 0x40 || head.toString('latin1', 0, 2) !== 'MZ') return undefined
    const pe = head.readUInt32LE(0x3c)
    return pe + 6 <= length && head.readUInt32LE(pe) === 0x4550
      ? head.readUInt16LE(pe + 4)
      : undefined
  } finally {
    closeSync(fd)
  }
}

const fits = (peMachine: number | undefined, path: string): boolean => {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
    return peMachine === undefined || machineOf(path) === peMachine
  } catch {
    return false // not readable for this user: as good as absent
  }
}

const locate = (
  { peMachine, candidates }: Slot,
  folders: readonly string[],
): string | undefined => {
  for (const folder of folders) {
    for (const candidate of candidates) {
      const path = join(folder, candidate)
      if (fits(peMachine, path)) return path
    }
  }
  return undefined
}

/** A file of the assets that has an iPXE binary's name is asked for by that name: shim starts `ipxe.efi` beside it. */
const fromAssets = (assets: string | undefined, file: string): string | undefined => {
  const path = assets === undefined ? undefined : join(assets, file)
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile()
    ? path
    : undefined
}

/** What a configuration says of iPXE binaries. */
interface Given {
  readonly ipxe: Readonly<Partial<Record<IpxeSlot, string>>>
  readonly assets?: string | undefined
}

/** Looks for an iPXE binary per kind of firmware: at the given paths, in the assets under its own name, then in `folders`. */
export const findIpxe = (
  { ipxe, assets }: Given,
  extraFolders: readonly string[] = [],
  folders: readonly string[] = FOLDERS,
): IpxeBinary[] =>
  SLOTS.map((slot) => {
    const { slot: name, title, file, architectures, whereFrom, isRare } = slot
    const path =
      ipxe[name] ?? fromAssets(assets, file) ?? locate(slot, [...folders, ...extraFolders])
    const size = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.size
    const base = { slot: name, title, file, architectures, ...(isRare && { isRare }) }
    if (path === undefined || size === undefined) return { ...base, missing: whereFrom }
    return { ...base, path, sizeBytes: size }
  })
