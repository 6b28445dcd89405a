import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'https://mirrors.mageia.org/'

/** Mageia's releases; cauldron is composed all the time. */
export const mageia: Repository = {
  name: 'mageia',
  signing: 'signed',
  optional: true,
  bytes: signedRpms('Mageia', 'https://wiki.mageia.org/en/Mirrors'),
  mirrors: ['mirrors.mageia.org/', 'distrib-coffee.ipsl.jussieu.fr/pub/linux/Mageia'],
  knownAs: ['mageia'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'package',
      class: 'versioned',
      path: 'distrib/<release:digits>/<arch>/media/<dir:path>/<file>.rpm',
      source: LAYOUT,
    },
  ],
}
