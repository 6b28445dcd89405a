import type { Repository } from './model.ts'
import { MOVING_PACKAGES, YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://dl.fedoraproject.org/pub/epel/ (directory listing)'

export const epel: Repository = {
  name: 'epel',
  signing: 'signed',
  mirrors: ['*.fedoraproject.org/pub/epel', '*.fedoraproject.org/pub/archive/epel'],
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
  ],
}
