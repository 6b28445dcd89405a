import type { Repository, Rule } from './model.ts'
import { MOVING_PACKAGES, signedRpms, YUM_INDEX } from './yum.ts'

const LAYOUT = 'https://dl.fedoraproject.org/pub/fedora/linux/ (directory listing)'
const BYTES = signedRpms('Fedora', 'https://fedoraproject.org/security/')

const FEDORA_RULES: readonly Rule[] = [
  ...YUM_INDEX,
  // Composed again until the release is out, then moved to `releases/`.
  { id: 'development', class: 'mutable', path: 'development/<rest:path>', source: LAYOUT },
  {
    id: 'package',
    class: 'versioned',
    path: '<tree:releases|updates>/<release:digits>/<variant>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
    source: LAYOUT,
  },
  {
    id: 'testing',
    class: 'versioned',
    path: 'updates/testing/<release:digits>/<variant>/<arch>/<dir:path>/<file><type:.rpm|.drpm>',
    source: LAYOUT,
  },
  {
    // `releases/` begins on the day of the release, and an install tree there is never composed again.
    id: 'tree',
    class: 'versioned',
    path: 'releases/<release:digits>/<variant>/<arch>/os/images/<file:path>',
    source: LAYOUT,
  },
  {
    id: 'image',
    class: 'versioned',
    path: 'releases/<release:digits>/<variant>/<arch>/<kind:iso|images>/<file>.<type:iso|qcow2|raw.xz|tar.xz|box|ociarchive>',
    source: LAYOUT,
  },
]

export const fedora: Repository = {
  name: 'fedora',
  signing: 'signed',
  bytes: BYTES,
  mirrors: ['*.fedoraproject.org/pub/fedora/linux', '*.fedoraproject.org/pub/archive/fedora/linux'],
  canonical: { mirror: 'http://dl.fedoraproject.org/pub/fedora/linux', spelling: 'dnf' },
  services: ['mirrors.fedoraproject.org'],
  knownAs: ['fedora'],
  roots: [
    'releases/<release:digits>/<variant>/<arch>/os',
    'updates/<release:digits>/<variant>/<arch>',
    'updates/testing/<release:digits>/<variant>/<arch>',
    'development/<release>/<variant>/<arch>/os',
  ],
  mutableWords: MOVING_PACKAGES,
  rules: FEDORA_RULES,
}

/** Other architectures, built on their own: their `noarch` packages have Fedora's names and other bytes. */
export const fedoraSecondary: Repository = {
  name: 'fedora-secondary',
  signing: 'signed',
  bytes: BYTES,
  mirrors: [
    '*.fedoraproject.org/pub/fedora-secondary',
    '*.fedoraproject.org/pub/archive/fedora-secondary',
  ],
  services: ['mirrors.fedoraproject.org'],
  knownAs: ['fedora-secondary'],
  mutableWords: MOVING_PACKAGES,
  rules: FEDORA_RULES,
}

/** Fedora CoreOS: each build has a folder of its own. */
export const fedoraCoreos: Repository = {
  name: 'fedora-coreos',
  signing: 'signed',
  bytes: {
    madeBy: "Fedora CoreOS' pipeline",
    changedBy: 'nobody: a build has a number of its own',
    verifiedBy: 'coreos-installer: a detached signature',
    source:
      'https://github.com/coreos/coreos-assembler/blob/main/docs/building-fcos.md (builds/<id>)',
  },
  mirrors: ['builds.coreos.fedoraproject.org/'],
  rules: [
    {
      id: 'artifact',
      class: 'versioned',
      path: 'prod/streams/<stream>/builds/<build>/<arch>/fedora-coreos-<file>',
      source: 'https://builds.coreos.fedoraproject.org/browser',
    },
  ],
}
