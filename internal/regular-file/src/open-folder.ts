import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'

import { isBeneath, pathBeneath, realPathOf } from './beneath.ts'
import { FileRefusedError } from './file-refused.ts'

/** A folder that is held open. Whoever gets it closes the handle. */
export interface OpenFolder {
  readonly handle: FileHandle
  /** A path that leads to the folder, on Linux however it is moved or replaced. */
  readonly path: string
}

const FLAGS =
  constants.O_RDONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_DIRECTORY ?? 0)

/**
 * Opens the folder that `segments` name below `root` (a real path); links are followed while they stay below it.
 * @throws {FileRefusedError} where they lead out of it
 */
export const openFolderBeneath = async (
  root: string,
  segments: readonly string[],
): Promise<OpenFolder> => {
  const path = await realpath(pathBeneath(root, segments))
  if (!isBeneath(root, path)) throw new FileRefusedError('outside')
  const handle = await open(path, FLAGS)
  try {
    if (!isBeneath(root, await realPathOf(handle, path))) throw new FileRefusedError('outside')
    return { handle, path: process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path }
  } catch (error) {
    await handle.close()
    throw error
  }
}
