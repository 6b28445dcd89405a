import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'

import { CpioNames } from './cpio.ts'

/** More than any installer's; what comes after is not looked at. */
const MAX_UNPACKED_BYTES = 1 << 30
const MAX_ARCHIVES = 8
const MODULES = /^(?:\.?\/)?(?:usr\/)?lib\/modules\/([^/]+)/

/** How what follows the early archive is compressed, by its first bytes, and what unpacks it. */
const FORMATS: readonly (readonly [magic: string, program: string | undefined])[] = [
  ['1f8b', undefined],
  ['fd377a585a00', 'xz'],
  ['28b52ffd', 'zstd'],
  ['04224d18', 'lz4'],
  ['02214c18', 'lz4'],
  ['425a68', 'bzip2'],
  ['5d0000', 'lzma'],
]

/** Feeds bytes to a program of the host; what it prints ends early where it is missing or fails. */
const unpackBy = (program: string, packed: Buffer): AsyncIterable<Buffer> => {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] })
  child.once('error', (error) => child.stdout.destroy(error)) // there is no such program
  child.once('exit', (code) => code === 0 || child.stdout.destroy(new Error(`${program} failed`)))
  child.stdin.on('error', () => {}) // it has ended before all was read
  child.stdin.end(packed)
  return child.stdout
}

/** CRC and size of what was packed (RFC 1952 section 2.3.1). */
const GZIP_TRAILER_BYTES = 8

/**
 * What stands before the deflated bytes of a gzip member (RFC 1952 section 2.3):
 *
 *     1f 8b  CM  FLG  MTIME (4)  XFL  OS   [FEXTRA: length (2), bytes]  [FNAME, NUL]  [FCOMMENT, NUL]  [FHCRC (2)]
 */
const gzipHeaderBytes = (packed: Buffer): number => {
  const flags = packed[3] ?? 0
  let bytes = 10
  if ((flags & 0x04) !== 0) bytes += 2 + (packed[bytes] ?? 0) + (packed[bytes + 1] ?? 0) * 256
  for (const flag of [0x08, 0x10]) if ((flags & flag) !== 0) bytes = packed.indexOf(0, bytes) + 1
  return (flags & 0x02) === 0 ? bytes : bytes + 2
}

/** What a compressed archive holds, and, once all was read, how many bytes of the file it took; undefined: to the end. */
interface Unpacked {
  readonly pieces: AsyncIterable<Buffer>
  readonly bytesTaken: () => number | undefined
}

const unpack = (packed: Buffer): Unpacked | undefined => {
  const format = FORMATS.find(([magic]) => packed.toString('hex', 0, magic.length / 2) === magic)
  if (!format) return undefined
  const [, program] = format
  if (program !== undefined)
    return { pieces: unpackBy(program, packed), bytesTaken: () => undefined }
  const inflate = createInflateRaw() // ends where the member ends, and says how far it came
  const start = gzipHeaderBytes(packed)
  return {
    pieces: Readable.from([packed.subarray(start)]).pipe(inflate),
    bytesTaken: () => start + inflate.bytesWritten + GZIP_TRAILER_BYTES,
  }
}

/** Gives the names of a compressed archive; resolves to what follows it, undefined where it could not be read. */
const readPacked = async (
  packed: Buffer,
  onName: (name: string) => void,
): Promise<Buffer | undefined> => {
  const unpacked = unpack(packed)
  if (!unpacked) return undefined
  const names = new CpioNames(onName)
  let bytes = 0
  try {
    for await (const piece of unpacked.pieces) {
      names.push(piece)
      bytes += piece.length
      // The kernel takes no other archive inside a compressed one: "junk within compressed archive" (init/initramfs.c).
      if (names.rest || bytes > MAX_UNPACKED_BYTES) return undefined
    }
  } catch {
    return undefined
  }
  return packed.subarray(unpacked.bytesTaken() ?? packed.length)
}

const isPlain = (image: Buffer): boolean => /^07070[12]$/.test(image.toString('latin1', 0, 6))

const readPlain = (image: Buffer, onName: (name: string) => void): Buffer => {
  const names = new CpioNames(onName)
  names.push(image)
  return names.rest ?? Buffer.alloc(0)
}

/** The kernel passes over zeros between two archives. */
const withoutZeros = (image: Buffer): Buffer => {
  const start = image.findIndex((byte) => byte !== 0)
  return image.subarray(start === -1 ? image.length : start)
}

/**
 * The kernel releases that an initramfs has modules for.
 *
 * @returns undefined where it could not be read to its end: compressed by what this host cannot unpack, or damaged
 */
export const moduleReleases = async (image: Buffer): Promise<ReadonlySet<string> | undefined> => {
  const found = new Set<string>()
  const note = (name: string): void => {
    const release = MODULES.exec(name)?.[1]
    if (release !== undefined) found.add(release)
  }
  // An early archive for the processor, then a compressed one, in some after one another.
  let left = withoutZeros(image)
  for (let archives = 0; left.length > 0; archives++) {
    if (archives === MAX_ARCHIVES) return undefined
    // oxlint-disable-next-line no-await-in-loop -- where the next begins is known when this one has been read
    const rest = isPlain(left) ? readPlain(left, note) : await readPacked(left, note)
    if (!rest) return undefined
    left = withoutZeros(rest)
  }
  return found
}
