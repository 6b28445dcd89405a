import { Buffer } from 'node:buffer'
import { readdir, realpath } from 'node:fs/promises'

import { isBeneath, pathBeneath } from './beneath.ts'
import { FileRefusedError } from './file-refused.ts'
import { nativePath, type Spelling } from './spelling.ts'

/** Names that are UTF-8 have letters beyond ASCII, too. */
const inLowerCase = (name: string, spelling: Spelling): string =>
  (spelling === 'utf8' ? name : Buffer.from(name, spelling).toString()).toLowerCase()

/**
 * The spelling on disk of `segments` below `root` (a real path), upper and lower case being equal.
 *
 * The exact spelling wins; of several others the first in code-unit order, so that the answer is always the same.
 */
export const spelledBeneath = async (
  root: string,
  segments: readonly string[],
  spelling: Spelling = 'utf8',
): Promise<readonly string[]> => {
  const spelled: string[] = []
  for (const segment of segments) {
    const folder = await realpath(nativePath(pathBeneath(root, spelled), spelling), spelling)
    if (!isBeneath(root, folder)) throw new FileRefusedError('outside')
    const names = await readdir(nativePath(folder, spelling), spelling)
    const wanted = inLowerCase(segment, spelling)
    const found = names.includes(segment)
      ? segment
      : names.filter((name) => inLowerCase(name, spelling) === wanted).toSorted()[0]
    spelled.push(found ?? segment)
  }
  return spelled
}
