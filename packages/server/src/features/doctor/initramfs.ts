import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

import { CpioNames } from './cpio.ts'

/** More than any installer's; what comes after is not looked at. */
const MAX_UNPACKED_BYTES = 1 << 30
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

const unpack = (packed: Buffer): AsyncIterable<Buffer> | undefined => {
  const format = FORMATS.find(([magic]) => packed.toString('hex', 0, magic.length / 2) === magic)
  if (!format) return undefined
  const [, program] = format
  return program === undefined
    ? Readable.from([packed]).pipe(createGunzip())
    : unpackBy(program, packed)
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
  let rest: Buffer | undefined = image
  // An early archive for the processor, then a compressed one, in some after one another.
  for (let layer = 0; rest && rest.length > 0; layer++) {
    if (layer === 8) return undefined
    const names = new CpioNames(note)
    const isPlain = /^07070[12]$/.test(rest.toString('latin1', 0, 6))
    const pieces = isPlain ? Readable.from([rest]) : unpack(rest)
    if (!pieces) return undefined
    let bytes = 0
    try {
      for await (const piece of pieces) {
        names.push(piece)
        bytes += piece.length
        if (bytes > MAX_UNPACKED_BYTES) return undefined
      }
    } catch {
      return undefined
    }
    rest = isPlain ? names.rest : undefined
  }
  return found
}
