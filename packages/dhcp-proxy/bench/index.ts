import type { Measure } from '../../../scripts/measure.ts'
import { measureCodec } from './codec.ts'
import { measureNetwork } from './network.ts'

/** Parts: `codec`, `network`. */
export const bench: Measure = async ({ say, only }) => {
  const wanted = (part: string): boolean =>
    only.length === 0 || only.some((word) => part.includes(word))
  return [
    ...(wanted('codec') ? measureCodec() : []),
    ...(wanted('network') ? await measureNetwork(say) : []),
  ]
}
