import { constants, type BigIntStats } from 'node:fs'
import { open, readdir, readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'

import { DISK_ENCODING, pathOf, textOfDiskName, type DiskName } from './names.ts'

/** An error that becomes ERROR 2. */
const escapes = () => Object.assign(new Error('the name leads out of the root'), { code: 'EACCES' })

const notRegular = () => Object.assign(new Error('this is no regular file'), { code: 'EACCES' })

const isBeneath = (root: DiskName, path: DiskName): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/** A path without links. */
export const realPathOf = (path: DiskName): Promise<DiskName> =>
  realpath(pathOf(path), DISK_ENCODING)

/** Not there on Windows, where it is not needed either. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0
/** A FIFO without a writer would hold the open for ever. */
const NON_BLOCK = constants.O_NONBLOCK ?? 0

const sameFile = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino

/** Where an open file really lies: the kernel's word on Linux, elsewhere another look at the path. */
const verify = async (handle: FileHandle, root: DiskName, path: DiskName): Promise<void> => {
  if (process.platform === 'linux') {
    if (!isBeneath(root, await readlink(`/proc/self/fd/${handle.fd}`, DISK_ENCODING)))
      throw escapes()
    return
  }
  const [opened, named] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(pathOf(path), { bigint: true }),
  ])
  if (!sameFile(opened, named) || !isBeneath(root, await realPathOf(path))) throw escapes()
}

/**
 * Opens `segments` below `root` (a real path) for reading.
 *
 * Links are followed as long as they stay below the root. What was opened is looked at once more, so that a
 * link or folder swapped between check and open gains nothing.
 */
export const openBeneath = async (
  root: DiskName,
  segments: readonly DiskName[],
): Promise<FileHandle> => {
  const path = await realPathOf(join(root, ...segments))
  if (!isBeneath(root, path)) throw escapes()
  const handle = await open(pathOf(path), constants.O_RDONLY | NO_FOLLOW | NON_BLOCK)
  try {
    await verify(handle, root, path)
    if (!(await handle.stat()).isFile()) throw notRegular()
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Opens the folder that `segments` name below `root`. */
export const openFolderBeneath = async (
  root: DiskName,
  segments: readonly DiskName[],
): Promise<{ readonly handle: FileHandle; readonly path: DiskName }> => {
  const path = await realPathOf(join(root, ...segments))
  if (!isBeneath(root, path)) throw escapes()
  const handle = await open(
    pathOf(path),
    constants.O_RDONLY | NO_FOLLOW | (constants.O_DIRECTORY ?? 0),
  )
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
  root: DiskName,
  segments: readonly DiskName[],
): Promise<readonly DiskName[]> => {
  const spelled: DiskName[] = []
  for (const segment of segments) {
    const folder = await realPathOf(join(root, ...spelled))
    if (!isBeneath(root, folder)) throw escapes()
    const names = await readdir(pathOf(folder), DISK_ENCODING)
    const wanted = textOfDiskName(segment).toLowerCase()
    const found = names.includes(segment)
      ? segment
      : names.filter((name) => textOfDiskName(name).toLowerCase() === wanted).toSorted()[0]
    spelled.push(found ?? segment)
  }
  return spelled
}
