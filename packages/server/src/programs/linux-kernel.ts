/*
 * Linux' setup header on x86 (kernel.org, Documentation/arch/x86/boot.rst):
 *
 *     0x1f1  setup_sects(1)     sectors of 512 bytes before the protected-mode code, besides the first; 0 means 4
 *     0x1f4  syssize(4)         that code's size in units of 16 bytes, rounded up: Linux fills the last one, iPXE and memtest86+ do not
 *     0x202  'HdrS'
 *     0x20e  kernel_version(2)  where its version stands as text, less 0x200
 */

export interface LinuxKernel {
  /** The file's size at the least. */
  readonly bytes: number
  /** `uname -r`: the name of its folder of modules; absent where the header has none. */
  readonly release?: string
}

const SECTOR = 512
const UNIT = 16
const RELEASE_BYTES = 128

/** Reads the header at a file's beginning; undefined where it is no kernel for x86. */
export const readKernel = (head: Buffer): LinuxKernel | undefined => {
  if (head.length < 0x210 || head.toString('latin1', 0x202, 0x206) !== 'HdrS') return undefined
  const setupBytes = ((head[0x1f1] || 4) + 1) * SECTOR
  const bytes = setupBytes + Math.max(0, head.readUInt32LE(0x1f4) * UNIT - (UNIT - 1))
  const pointer = head.readUInt16LE(0x20e)
  const text = head.toString('latin1', pointer + 0x200, pointer + 0x200 + RELEASE_BYTES)
  const release = pointer > 0 ? /^[\w.+~-]+/.exec(text)?.[0] : undefined
  return { bytes, ...(release !== undefined && { release }) }
}
