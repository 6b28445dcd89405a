import { readdir, realpath } from 'node:fs/promises'

import { isBeneath, pathBeneath } from './beneath.ts'
import { FileRefusedError } from './file-refused.ts'

/**
 * The spelling on disk of `segments` below `root` (a real path), upper and lower case being equal.
 *
 * The exact spelling wins; of several others the first in code-unit order, so that the answer is always the same.
 */
export const spelledBeneath = async (
  root: string,
  segments: readonly string[],
): Promise<readonly string[]> => {
  const spelled: string[] = []
  for (const segment of segments) {
    const folder = await realpath(pathBeneath(root, spelled))
    if (!isBeneath(root, folder)) throw new FileRefusedError('outside')
    const names = await readdir(folder)
    const wanted = segment.toLowerCase()
    const found = names.includes(segment)
      ? segment
      : names.filter((name) => name.toLowerCase() === wanted).toSorted()[0]
    spelled.push(found ?? segment)
  }
  return spelled
}
