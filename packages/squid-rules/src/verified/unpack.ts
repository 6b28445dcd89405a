import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Programs by how a file's name ends, with the Debian package that has them. Node has gzip itself. */
const PROGRAMS: Readonly<Record<string, readonly [program: string, debian: string]>> = {
  xz: ['xz', 'xz-utils'],
  zst: ['zstd', 'zstd'],
  bz2: ['bzip2', 'bzip2'],
}

/** How a name ends, for what can be unpacked; plain for none. */
const endOf = (name: string): string => /\.(gz|xz|zst|bz2)$/.exec(name)?.[1] ?? 'plain'

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** An unpacked index may be larger than the signed list says by nothing at all; without one, by this. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024

/**
 * Unpacks an index piece by piece, as latin1 text, and stops at the size that the signed list names.
 * @returns why it could not, or undefined
 */
export const unpack = async (
  name: string,
  bytes: Uint8Array,
  maxBytes: number = MAX_UNPACKED_BYTES,
  push: (text: string) => void,
): Promise<string | undefined> => {
  const end = endOf(name)
  let out: AsyncIterable<Buffer>
  let failed: string | undefined
  let stop: (() => void) | undefined
  if (end === 'plain') out = Readable.from([Buffer.from(bytes)])
  else if (end === 'gz') {
    const gunzip = createGunzip()
    gunzip.end(bytes)
    stop = () => void gunzip.destroy()
    out = gunzip
  } else {
    const [program, debian] = PROGRAMS[end]!
    const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] })
    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT'
      failed = missing ? `${program} is missing: apt install ${debian}` : error.message
      child.stdout.destroy()
    })
    child.stdin.on('error', () => undefined) // it has ended: the reader tells why
    child.stdin.end(bytes)
    stop = () => void child.kill('SIGKILL')
    out = child.stdout
  }
  let seen = 0
  try {
    for await (const chunk of out) {
      seen += chunk.length
      if (seen > maxBytes) {
        stop?.()
        return `it unpacks to more than the ${maxBytes} bytes that its list names`
      }
      push(chunk.toString('latin1'))
    }
  } catch (error) {
    return failed ?? (error instanceof Error ? error.message : String(error))
  }
  return failed
}
