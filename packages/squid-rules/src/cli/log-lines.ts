import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

import { createLineCutter } from '../helper/lines.ts'

const CHUNK_BYTES = 1024 * 1024

/** A packed log of this size is some gigabytes of text. */
const MAX_PACKED_BYTES = 256 * 1024 * 1024

const readStep = (fd: number, buffer: Buffer): Buffer | undefined => {
  const length = readSync(fd, buffer, 0, buffer.length, null)
  return length === 0 ? undefined : buffer.subarray(0, length)
}

/**
 * A file in pieces, unpacked where it is packed.
 * @yields some bytes
 */
const piecesOf = function* (file: string): Generator<Buffer> {
  if (file.endsWith('.gz')) {
    const bytes = readFileSync(file)
    if (bytes.length > MAX_PACKED_BYTES)
      throw Object.assign(
        new Error(`${file} is larger than ${MAX_PACKED_BYTES} bytes; unpack it`),
        {
          code: 'ERR_SQUID_FILE',
        },
      )
    yield gunzipSync(bytes)
    return
  }
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  const fd = openSync(file, 'r')
  try {
    for (let step = readStep(fd, buffer); step !== undefined; step = readStep(fd, buffer))
      yield step
  } finally {
    closeSync(fd)
  }
}

/**
 * Lines of files that need not fit into the memory: access logs are often larger than one text can be.
 * @yields one line without its newline
 */
export const linesOf = function* (files: readonly string[]): Generator<string> {
  for (const file of files) {
    const cutter = createLineCutter()
    let lines: string[] = []
    const take = (line: string): void => void lines.push(line)
    for (const piece of piecesOf(file)) {
      cutter.push(piece.toString('latin1'), take)
      yield* lines
      lines = []
    }
    cutter.end(take)
    yield* lines
  }
}
