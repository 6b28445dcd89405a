import type { Repository } from './model.ts'

const LAYOUT =
  'https://www.openbsd.org/faq/faq15.html (packages of a release; fixes are in packages-stable)'

export const openbsd: Repository = {
  name: 'openbsd',
  signing: 'signed',
  optional: true,
  bytes: {
    madeBy: "OpenBSD's port builders, once a release",
    changedBy: 'nobody after the release; snapshots are another tree',
    verifiedBy: 'pkg_add: the signify signature inside the file',
    source: LAYOUT,
  },
  mirrors: [
    'cdn.openbsd.org/pub/OpenBSD',
    'ftp.openbsd.org/pub/OpenBSD',
    '*.openbsd.org/pub/OpenBSD',
  ],
  knownAs: ['openbsd'],
  rules: [
    { id: 'snapshots', class: 'mutable', path: 'snapshots/<rest:path>', source: LAYOUT },
    {
      id: 'package',
      class: 'versioned',
      path: '<release:version>/packages/<arch>/<file>.tgz',
      source: LAYOUT,
    },
    {
      id: 'set',
      class: 'versioned',
      path: '<release:version>/<arch>/<file>.<type:tgz|iso|img>',
      source: LAYOUT,
    },
  ],
}
