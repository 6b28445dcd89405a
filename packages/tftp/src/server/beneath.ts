import { constants, type BigIntStats } from 'node:fs'
import { open, readdir, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** An error that becomes ERROR 2. */
const escapes = () => Object.assign(new Error('the name leads out of the root'), { code: 'EACCES' })

const isBeneath = (root: string, path: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/** Not there on Windows, where it is not needed either. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0
/** A FIFO without a writer would hold the open for ever. */
const NON_BLOCK = constants.O_NONBLOCK ?? 0

const sameFile = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino

/** Where an open file really lies: the kernel's word on Linux, elsewhere another look at the path. */
const verify = async (handle: FileHandle, root: string, path: string): Promise<void> => {
  if (process.platform === 'linux') {
    if (!isBeneath(root, await readlink(`/proc/self/fd/${handle.fd}`))) throw escapes()
    return
  }
  const [opened, named] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(path, { bigint: true }),
  ])
  if (!sameFile(opened, named) || !isBeneath(root, await realpath(path))) throw escapes()
}

/**
 * Opens `segments` below `root` (a real path) for reading.
 *
 * Links are followed as long as they stay below the root. What was opened is looked at once more, so that a
 * link or folder swapped between check and open gains nothing.
 */
export const openBeneath = async (
  root: string,
  segments: readonly string[],
): Promise<FileHandle> => {
  const path = await realpath(join(root, ...segments))
  if (!isBeneath(root, path)) throw escapes()
  const handle = await open(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCK)
  try {
    await verify(handle, root, path)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Opens the folder that `segments` name below `root`. */
export const openFolderBeneath = async (
  root: string,
  segments: readonly string[],
): Promise<{ readonly handle: FileHandle; readonly path: string }> => {
  const path = await realpath(join(root, ...segments))
  if (!isBeneath(root, path)) throw escapes()
  const handle = await open(path, constants.O_RDONLY | NO_FOLLOW | (constants.O_DIRECTORY ?? 0))
  try {
    await verify(handle, root, path)
    // On Linux names below the descriptor stay in this folder even if it is moved or replaced.
    return { handle, path: process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * The spelling on disk of `segments` below `root`, upper and lower case being equal.
 *
 * The exact spelling wins; of several others the first in code-unit order, so that the answer is always the same.
 */
export const spelledBeneath = async (
  root: string,
  segments: readonly string[],
): Promise<readonly string[]> => {
  const spelled: string[] = []
  for (const segment of segments) {
    const folder = await realpath(join(root, ...spelled))
    if (!isBeneath(root, folder)) throw escapes()
    const names = await readdir(folder)
    const wanted = segment.toLowerCase()
    const found = names.includes(segment)
      ? segment
      : names.filter((name) => name.toLowerCase() === wanted).toSorted()[0]
    spelled.push(found ?? segment)
  }
  return spelled
}
