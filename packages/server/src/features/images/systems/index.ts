import type { IsoImage } from '@bootwire-internal/iso9660'

import { alpine } from './alpine.ts'
import { anaconda } from './anaconda.ts'
import { arch } from './arch.ts'
import { debian } from './debian.ts'
import { others } from './others.ts'
import type { Recognise, Recognised } from './system.ts'
import { ubuntu } from './ubuntu.ts'

export type { Recognised } from './system.ts'

/** Every family, in the order in which they are asked. */
const FAMILIES: readonly Recognise[] = [debian, ubuntu, anaconda, alpine, arch, others]

/** What an image is; undefined: nobody knows it. */
export const recognise = async (image: IsoImage): Promise<Recognised | undefined> => {
  for (const family of FAMILIES) {
    // oxlint-disable-next-line no-await-in-loop -- the first that knows it
    const found = await family(image)
    if (found) return found
  }
  return undefined
}
