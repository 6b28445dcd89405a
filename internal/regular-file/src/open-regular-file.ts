import { constants, type BigIntStats } from 'node:fs'
import { open, realpath, stat, type FileHandle } from 'node:fs/promises'

import { isBeneath, pathBeneath, realPathOf } from './beneath.ts'
import { FileRefusedError } from './file-refused.ts'

/**
 * What to do with symbolic links: `follow` them wherever they lead, follow them while they stay `beneath` the root, or
 * `refuse` names that are a link or lead over one.
 */
export type LinkPolicy = 'follow' | 'beneath' | 'refuse'

/** A regular file that is open for reading. Whoever gets it closes the handle. */
export interface OpenFile {
  readonly handle: FileHandle
  readonly stats: BigIntStats
}

/** Not there on Windows, where they are not needed either. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0
const NON_BLOCK = constants.O_NONBLOCK ?? 0

const requireRegular = (stats: BigIntStats): BigIntStats => {
  if (stats.isFile()) return stats
  throw new FileRefusedError('not-regular')
}

const openAt = async (
  path: string,
  flags: number,
  verify: (handle: FileHandle) => Promise<void>,
): Promise<OpenFile> => {
  // Opening alone can do something: it starts a watchdog, rewinds a tape.
  requireRegular(await stat(path, { bigint: true }))
  const handle = await open(path, constants.O_RDONLY | NON_BLOCK | flags)
  try {
    // Once more: something else may have taken the name in between.
    const stats = requireRegular(await handle.stat({ bigint: true }))
    await verify(handle)
    return { handle, stats }
  } catch (error) {
    await handle.close()
    throw error
  }
}

const nothing = (): Promise<void> => Promise.resolve()

/**
 * Opens a file that the program itself names; links are followed.
 * @throws {FileRefusedError} at once for a FIFO, socket, device or folder
 */
export const openRegularFile = (path: string): Promise<OpenFile> => openAt(path, 0, nothing)

/**
 * Opens the file that `segments` name below `root`.
 *
 * What was opened is looked at once more, so that a link or folder swapped between check and open gains nothing.
 * @throws {FileRefusedError} for what is no regular file, or where the links lead against `links`
 */
export const openRegularFileBeneath = async (
  root: string,
  segments: readonly string[],
  links: LinkPolicy,
): Promise<OpenFile> => {
  const path = pathBeneath(root, segments)
  if (links === 'follow') return openAt(path, 0, nothing)
  const realRoot = await realpath(root)
  const realPath = await realpath(path)
  const expected = pathBeneath(realRoot, segments)
  const check = (lies: string): void => {
    if (links === 'refuse' && lies !== expected) throw new FileRefusedError('link')
    if (!isBeneath(realRoot, lies)) throw new FileRefusedError('outside')
  }
  check(realPath)
  return openAt(realPath, NO_FOLLOW, async (handle) => check(await realPathOf(handle, realPath)))
}
