import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'

/** Buffers of all answers under way share this much; each has at least and at most so many bytes. */
const BUDGET_BYTES = 64 * 1_048_576
const LEAST_BYTES = 64 * 1024
const MOST_BYTES = 512 * 1024

let underWay = 0

/** Bytes of a file: `length` of them from `start`. */
export interface FilePart {
  readonly handle: FileHandle
  readonly start: number
  readonly length: number
}

/**
 * Sends parts of a file as the body of an answer whose headers are written, closes the file and ends the answer. A file
 * that became shorter breaks the connection: the client must not take what it has for the whole.
 *
 * One buffer serves the whole answer. A file stream takes a new one for each piece, which at a gigabyte a second keeps
 * the garbage collector busy (bench: four times slower).
 */
export const pumpParts = async (
  response: ServerResponse,
  handle: FileHandle,
  parts: readonly Omit<FilePart, 'handle'>[],
): Promise<void> => {
  underWay++
  const bytes = Math.min(Math.max(Math.floor(BUDGET_BYTES / underWay), LEAST_BYTES), MOST_BYTES)
  const longest = parts.reduce((most, { length }) => Math.max(most, length), 0)
  const buffer = Buffer.allocUnsafeSlow(Math.min(bytes, longest))
  let wake: (() => void) | undefined
  // A write to a client that has gone may never call back.
  const gone = (): void => wake?.()
  response.once('close', gone)
  try {
    for (const { start, length } of parts) {
      for (let sent = 0; sent < length && !response.destroyed;) {
        const wanted = Math.min(buffer.length, length - sent)
        const { bytesRead } = await handle.read(buffer, 0, wanted, start + sent)
        if (bytesRead === 0) {
          response.destroy()
          return
        }
        sent += bytesRead
        // The buffer is free again once the kernel has taken all of it.
        await new Promise<void>((resolve) => {
          wake = resolve
          if (response.destroyed) resolve()
          else response.write(buffer.subarray(0, bytesRead), () => resolve())
        })
      }
    }
    if (!response.destroyed) response.end()
  } catch {
    response.destroy()
  } finally {
    underWay--
    response.off('close', gone)
    await handle.close().catch(() => {})
  }
}

/** Sends one part of a file, as {@link pumpParts} does. */
export const pump = (response: ServerResponse, { handle, ...part }: FilePart): Promise<void> =>
  pumpParts(response, handle, [part])
