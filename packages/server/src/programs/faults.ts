import { readKernel } from './linux-kernel.ts'
import { readPe } from './pe-image.ts'

/** A file of which the beginning was looked at. */
export interface Seen {
  /** Path or URL, for people. */
  readonly path: string
  readonly bytes: number
  readonly head: Buffer
}

/** Why a file cannot be what it is for. */
export interface Fault {
  readonly code: 'empty-file' | 'cut-file' | 'no-kernel'
  readonly seen: string
}

/** What is wrong with a file whatever it is for. */
export const sizeFault = ({ path, bytes }: Seen, wantedBytes: number): Fault | undefined => {
  if (bytes === 0) return { code: 'empty-file', seen: `${path} is empty` }
  if (bytes >= wantedBytes) return undefined
  const seen = `${path} has ${bytes} bytes, and its own header says ${wantedBytes}: it is cut`
  return { code: 'cut-file', seen }
}

/** A page that says why there is no kernel, saved under the kernel's name; a pointer of Git LFS. */
const isText = ({ head }: Seen): boolean =>
  head.length > 0 && head.subarray(0, 64).every((byte) => byte === 10 || (byte >= 32 && byte < 127))

/** What is wrong with a kernel; one of a format that is not known here passes. */
export const kernelFault = (seen: Seen): Fault | undefined => {
  const bytes = Math.max(readKernel(seen.head)?.bytes ?? 0, readPe(seen.head)?.bytes ?? 0)
  const fault = sizeFault(seen, bytes)
  if (fault || !isText(seen)) return fault
  const start = JSON.stringify(seen.head.toString('latin1', 0, 40))
  return { code: 'no-kernel', seen: `${seen.path} is no kernel: it begins ${start}` }
}

/** What is wrong with a UEFI program, or with iPXE's for BIOS, of which only the size is known. */
export const programFault = (seen: Seen): Fault | undefined =>
  sizeFault(seen, readPe(seen.head)?.bytes ?? 1)
