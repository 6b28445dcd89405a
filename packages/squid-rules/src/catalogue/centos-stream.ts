import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX, YUM_MOVING_TREE } from './yum.ts'

const COMPOSES = 'https://mirror.stream.centos.org/ (directory listing)'
const RELEASES = '8-stream|9-stream|10-stream'

export const centosStream: Repository = {
  name: 'centos-stream',
  signing: 'signed',
  bytes: signedRpms('CentOS Stream', 'https://www.centos.org/keys/'),
  mirrors: [
    'mirror.stream.centos.org/',
    'mirror.centos.org/centos',
    'vault.centos.org/centos',
    'vault.centos.org/',
  ],
  canonical: { mirror: 'http://mirror.stream.centos.org', spelling: 'dnf' },
  services: ['mirrors.centos.org'],
  knownAs: ['centos-stream', 'centosstream', 'stream'],
  roots: [
    `<release:${RELEASES}>/<repo>/<arch>/os`,
    `<release:${RELEASES}>/<repo>/source/tree`,
    `SIGs/<release:${RELEASES}>/<sig>/<arch>/<dir:path>`,
  ],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    ...YUM_MOVING_TREE,
    {
      id: 'package',
      class: 'versioned',
      path: `<release:${RELEASES}>/<repo>/<arch>/<dir:path>/<file><type:.rpm|.drpm>`,
      source: COMPOSES,
    },
    {
      id: 'sig',
      class: 'versioned',
      path: 'SIGs/<release:9-stream|10-stream>/<sig>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: COMPOSES,
    },
  ],
}
