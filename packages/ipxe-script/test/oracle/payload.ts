/*
 * The smallest Linux kernel image that tells what it was given. Real-mode code at 0x26a prints, through the BIOS:
 *
 *     @@kernel [COMMAND LINE]
 *     @@initrd 0xSIZE
 *     @@booted
 *
 * puts(ds:si); puts(*(0x228)); hex(*(0x21c)); hlt. Header fields by the Linux x86 boot protocol:
 *
 *     0x1f1 setup sectors = 1    0x1fe 55 aa      0x200 jmp 0x26a    0x202 "HdrS", version 2.04
 *     0x211 loaded high = 1      0x214 entry      0x228 command line 0x22c highest initrd address
 */
const CODE =
  'fc8cc883e8208ed8bed502e8420066a128026689c66683e60f66c1e8041e8ed8e82d001fbee202e82600668b161c02b9' +
  '080066c1c20488d0240f04303c3976020427e81600e2ebbef102e80300f4ebfdac84c07405e80300ebf6c3b40e516652' +
  '56bb0700cd105e665a59c30d0a40406b65726e656c205b005d0d0a4040696e69747264203078000d0a4040626f6f7465' +
  '640d0a00'

const HEADER: readonly (readonly [number, string])[] = [
  [0x1f1, '01'],
  [0x1f4, '01000000'],
  [0x1fe, '55aa'],
  [0x200, 'eb68'],
  [0x202, '48647253'],
  [0x206, '0402'],
  [0x211, '01'],
  [0x214, '00001000'],
  [0x22c, 'ffffff37'],
  [0x26a, CODE],
]

/** One setup sector after the boot sector, and sixteen octets of the part that is never run. */
export const KERNEL: Uint8Array = (() => {
  const image = Buffer.alloc(1040)
  for (const [at, octets] of HEADER) image.write(octets, at, 'hex')
  return image
})()

/** What the kernel printed. */
export const readPayload = (
  console: string,
): { commandLine: string; initrdBytes: number } | undefined => {
  const match = /@@kernel \[([^]*)\]\n@@initrd 0x([0-9a-f]{8})/.exec(console)
  return match ? { commandLine: match[1]!, initrdBytes: parseInt(match[2]!, 16) } : undefined
}

const align = (value: number, to: number): number => Math.ceil(value / to) * to

/** Length of the header that iPXE puts before an image with a path: 110 octets, the path and its NUL. */
const headerBytes = (path: string): number => (path === '' ? 0 : align(110 + path.length + 1, 4))

/** How large one initrd becomes of several images: each begins on a page of its own. */
export const initrdBytesOf = (
  images: readonly { readonly bytes: number; readonly arguments: string }[],
): number =>
  images.reduce(
    (end, image) => align(end, 4096) + headerBytes(image.arguments.split(' ')[0]!) + image.bytes,
    0,
  )
