import { crc32 } from 'node:zlib'

// A journal is one line of text, `bootwire-state 1`, and frames. A frame is what one write to the disk holds:
//
//   0       4                  8            12
//   length  complement of it   checksum     payload, `length` bytes of text
//
// Numbers are little-endian; the checksum (CRC-32) is over the length and the payload. The next frame is written only
// after the disk has confirmed the one before, so that a crash can leave only the last one incomplete.

export const FORMAT_VERSION = 1
export const HEADER = Buffer.from(`bootwire-state ${FORMAT_VERSION}\n`)
const FRAME_HEADER_BYTES = 12
/** More than a frame of this file ever has. */
export const MAX_FRAME_BYTES = 16 * 2 ** 20
/** What a disk writes wholly or not at all. */
const SECTOR_BYTES = 512

export const encodeFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length)
  frame.writeUInt32LE(length, 0)
  frame.writeUInt32LE(~length >>> 0, 4)
  frame.write(text, FRAME_HEADER_BYTES)
  frame.writeUInt32LE(checksumOf(frame, 0, length), 8)
  return frame
}

const checksumOf = (bytes: Buffer, at: number, length: number): number => {
  const start = at + FRAME_HEADER_BYTES
  return crc32(bytes.subarray(start, start + length), crc32(bytes.subarray(at, at + 4)))
}

/** What stands at one place of a journal. */
export type FrameRead =
  | { readonly kind: 'frame'; readonly text: string; readonly bytes: number }
  /** The bytes so far are the beginning of a frame of `bytes`. */
  | { readonly kind: 'short'; readonly bytes: number }
  | { readonly kind: 'bad' }

export const readFrame = (bytes: Buffer, at: number): FrameRead => {
  const left = bytes.length - at
  if (left < FRAME_HEADER_BYTES) return { kind: 'short', bytes: FRAME_HEADER_BYTES }
  const length = bytes.readUInt32LE(at)
  if (length > MAX_FRAME_BYTES || bytes.readUInt32LE(at + 4) !== ~length >>> 0)
    return { kind: 'bad' }
  const whole = FRAME_HEADER_BYTES + length
  if (left < whole) return { kind: 'short', bytes: whole }
  if (bytes.readUInt32LE(at + 8) !== checksumOf(bytes, at, length)) return { kind: 'bad' }
  return {
    kind: 'frame',
    text: bytes.toString('utf8', at + FRAME_HEADER_BYTES, at + whole),
    bytes: whole,
  }
}

const isZero = (bytes: Buffer, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false
  return true
}

/** Whether a whole frame begins anywhere in these bytes. */
const holdsFrame = (bytes: Buffer): boolean => {
  for (let at = 1; at + FRAME_HEADER_BYTES <= bytes.length; at++)
    if (readFrame(bytes, at).kind === 'frame') return true
  return false
}

/**
 * Whether the bytes from the first unreadable frame to the end of the file are what a crash leaves of the last write: too
 * short, or with a sector that never reached the disk. Anything else is damage to what was safely written.
 * @param position - where in the file the bytes begin
 */
export const isTorn = (rest: Buffer, position: number): boolean => {
  if (holdsFrame(rest)) return false
  const read = readFrame(rest, 0)
  if (read.kind === 'short') return rest.length >= FRAME_HEADER_BYTES || startsLikeFrame(rest)
  if (read.kind === 'frame') return false
  // Text has no zero byte: a sector of zeros was never written.
  for (let at = 0; at < rest.length;) {
    const end = Math.min(rest.length, at + SECTOR_BYTES - ((position + at) % SECTOR_BYTES))
    if (isZero(rest, at, end)) return true
    at = end
  }
  return false
}

/** A piece of a frame's header: zeros, or a length that fits what there is of its complement. */
const startsLikeFrame = (rest: Buffer): boolean => {
  if (isZero(rest, 0, rest.length)) return true
  for (let i = 4; i < Math.min(8, rest.length); i++)
    if (rest[i] !== (~rest[i - 4]! & 255)) return false
  return true
}
