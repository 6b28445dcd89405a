import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'https://repo.openeuler.org/ (directory listing)'

/** openEuler, all releases. */
export const openeuler: Repository = {
  name: 'openeuler',
  signing: 'signed',
  optional: true,
  bytes: signedRpms('openEuler', 'https://www.openeuler.org/en/security/'),
  mirrors: ['repo.openeuler.org/', 'dl-cdn.openeuler.openatom.cn/'],
  knownAs: ['openeuler'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'package',
      class: 'versioned',
      path: 'openEuler-<release>/<dir:path>/Packages/<file>.rpm',
      source: LAYOUT,
    },
  ],
}
