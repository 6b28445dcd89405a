import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const LAYOUT = 'https://updates.xcp-ng.org/ (directory listing)'

/** XCP-ng's host packages. */
export const xcpNg: Repository = {
  name: 'xcp-ng',
  signing: 'signed',
  optional: true,
  bytes: signedRpms('XCP-ng', 'https://docs.xcp-ng.org/project/mirrors/'),
  mirrors: ['updates.xcp-ng.org/', 'mirrors.xcp-ng.org/'],
  knownAs: ['xcp-ng'],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'package',
      class: 'versioned',
      path: '<major:digits>/<release:version>/<repo>/<arch>/Packages/<file>.rpm',
      source: LAYOUT,
    },
  ],
}
