import type { BigIntStats } from 'node:fs'
import { readlink, realpath, stat, type FileHandle } from 'node:fs/promises'
import { join, sep } from 'node:path'

import { FileRefusedError } from './file-refused.ts'

/** True where a real path is the root or lies below it. */
export const isBeneath = (root: string, path: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/** A name that no file system has, or that means another folder. */
const isForbidden = (segment: string): boolean =>
  segment === '' ||
  segment === '.' ||
  segment === '..' ||
  /[/\0]/.test(segment) ||
  segment.includes(sep)

/** Joins the segments of a name below `root`; they are names and no paths. */
export const pathBeneath = (root: string, segments: readonly string[]): string => {
  if (segments.some(isForbidden)) throw new FileRefusedError('outside')
  return join(root, ...segments)
}

const isSameFile = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino

/** Where an open file really lies: the kernel's word on Linux, elsewhere another look at the path. */
export const realPathOf = async (handle: FileHandle, path: string): Promise<string> => {
  if (process.platform === 'linux') return readlink(`/proc/self/fd/${handle.fd}`)
  const [opened, named] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(path, { bigint: true }),
  ])
  if (!isSameFile(opened, named)) throw new FileRefusedError('outside')
  return realpath(path)
}
