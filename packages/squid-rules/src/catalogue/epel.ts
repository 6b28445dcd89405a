import type { Repository } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://dl.fedoraproject.org/pub/epel/ (directory listing)'

export const epel: Repository = {
  name: 'epel',
  signing: 'signed',
  bytes: signedRpms('Fedora (EPEL)', 'https://fedoraproject.org/security/'),
  mirrors: ['*.fedoraproject.org/pub/epel', '*.fedoraproject.org/pub/archive/epel'],
  canonical: { mirror: 'http://dl.fedoraproject.org/pub/epel', spelling: 'dnf' },
  services: ['mirrors.fedoraproject.org'],
  knownAs: ['epel', 'fedora-epel'],
  roots: [
    '<release:version>/<variant:Everything|Modular>/<arch>',
    '<branch:testing|next>/<release:version>/<variant:Everything|Modular>/<arch>',
    '<release:5|6|7>/<arch>',
  ],
  mutableWords: MOVING_PACKAGES,
  rules: [
    ...YUM_INDEX,
    // Links to the newest release package, at the root: epel-release-latest-9.noarch.rpm.
    { id: 'latest', class: 'mutable', path: '<file>.rpm', source: LAYOUT },
    {
      id: 'package',
      class: 'versioned',
      path: '<release:version>/<variant:Everything|Modular>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'branch',
      class: 'versioned',
      path: '<branch:testing|next>/<release:version>/<variant:Everything|Modular>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'package-7',
      class: 'versioned',
      path: '<release:5|6|7>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
    {
      id: 'package-flat',
      class: 'versioned',
      path: '<release:5|6|7>/<arch>/<file><type:.rpm|.drpm>',
      source: LAYOUT,
    },
  ],
}
