import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'http://elrepo.org/linux/ (directory listing)'

/** Kernel modules for EL. */
export const elrepo: Repository = {
  name: 'elrepo',
  signing: 'signed',
  optional: true,
  bytes: signedRpms('ELRepo', 'http://elrepo.org/tiki/key'),
  mirrors: ['elrepo.org/linux', '*.elrepo.org/linux'],
  knownAs: ['elrepo'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'package',
      class: 'versioned',
      path: '<section:elrepo|kernel|extras|testing>/<release>/<arch>/RPMS/<file>.rpm',
      source: LAYOUT,
    },
  ],
}
